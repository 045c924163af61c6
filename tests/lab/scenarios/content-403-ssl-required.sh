# story: Require SSL is set on Content as well: metadata comes over TLS, files are refused over HTTP.
# how: nginx refuses the directory on its clear port.
# expect: ssl-required server=198.51.100.10:8530
setup() {
	SITE='location /Content/ { if ($scheme = http) { return 403; } }'
	wsus 8530 '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	BASE=
	download
}
