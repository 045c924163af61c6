# story: The script that names the proxy cannot be run.
# how: nginx serves half a function.
# probe: --pac http://wpad.corp.example/wpad.dat $HTTP
# expect: auto-proxy-failed
setup() {
	wsus
	wpad_host 'default_type application/x-ns-proxy-autoconfig; return 200 "function FindProxyForURL(u, h) { return";'
}
