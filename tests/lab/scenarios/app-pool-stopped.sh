# story: The application pool is stopped: HTTP.sys answers 503 on everything.
# how: nginx with the headers and the page of HTTP.sys.
# expect: service-unavailable severity=critical server=198.51.100.10:8530
setup() {
	SITE='error_page 503 /pages/httpsys-503.htm; location ~ ^/[A-Z] { return 503; }'
	wsus
}
traffic() {
	scan
	report
	files "$OLD_AGENT" HEAD /SelfUpdate/wuident.cab
	download
	CLIENT=192.0.2.51
	scan
}
