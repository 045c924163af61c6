# story: The host wpad is there, and has no proxy script.
# how: nginx answers 404.
# expect: auto-proxy-failed client=192.0.2.50 server=203.0.113.9:80
setup() {
	wsus
	wpad_host 'return 404;'
}
traffic() {
	find_proxy http://wpad.corp.example/wpad.dat
	scan
}
