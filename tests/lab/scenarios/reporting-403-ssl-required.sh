# story: Require SSL is set on ReportingWebService as well: scans work over TLS, reports over HTTP are refused.
# how: nginx refuses the directory on its clear port.
# expect: ssl-required server=198.51.100.10:8530
setup() {
	SITE='location ^~ /ReportingWebService/ { if ($scheme = http) { return 403; } }'
	wsus 8530 '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	BASE=
	report
}
