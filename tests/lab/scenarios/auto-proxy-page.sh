# story: The proxy script is a web page.
# how: wpad is an alias of a host whose nginx answers everything with its start page.
# expect: auto-proxy-failed client=192.0.2.50 server=203.0.113.9:80
setup() {
	wsus
	wpad_host 'default_type text/html; return 200 "<html><body>It works</body></html>";'
}
traffic() {
	find_proxy http://wpad.corp.example/wpad.dat
	scan
}
