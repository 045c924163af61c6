# story: DHCP tells a proxy script on a host that does not exist.
# how: dnsmasq with option 252, which does not know that name itself; dhcp-inform.py asks.
# expect: auto-proxy-failed client=192.0.2.50 server=192.0.2.254:53
setup() {
	wsus
	dhcp_tells http://config09.corp.example/wpad.dat
}
traffic() {
	find_proxy http://config09.corp.example/wpad.dat
	scan
}
