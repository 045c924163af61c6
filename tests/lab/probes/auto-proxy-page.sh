# story: The proxy script is a web page.
# how: wpad is an alias of a host whose nginx answers everything with its start page.
# probe: --wpad $HTTP
# expect: auto-proxy-failed client=192.0.2.50 server=203.0.113.9:80
# check: soap/GetCookie ok
setup() {
	scene auto-proxy-page
	setup
	client_asks 'nameserver 192.0.2.254' 'search corp.example'
}
