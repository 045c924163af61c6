# story: The host of the proxy script refuses connections.
# how: dnsmasq knows wpad, and nothing listens there.
# expect: auto-proxy-failed client=192.0.2.50 server=203.0.113.9:80
setup() {
	wsus
	names_also "host-record=wpad.corp.example,$PROXY_IP"
}
traffic() {
	find_proxy http://wpad.corp.example/wpad.dat
	scan
}
