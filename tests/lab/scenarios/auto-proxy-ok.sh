# story: Nothing: the proxy script that DHCP tells is served, and says DIRECT.
# how: dnsmasq with option 252; nginx serves wpad.dat; dhcp-inform.py asks.
# twin: auto-proxy-failed
setup() {
	wsus
	wpad_host 'default_type application/x-ns-proxy-autoconfig; return 200 "function FindProxyForURL(u, h) { return \"DIRECT\"; }";'
	dhcp_tells http://wpad.corp.example/wpad.dat
}
traffic() {
	find_proxy http://wpad.corp.example/wpad.dat
	scan
}
