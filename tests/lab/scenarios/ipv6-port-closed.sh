# story: Nothing listens on port 8530, asked over IPv6.
# how: the server runs no WSUS.
# net: ipv6
# expect: connection-refused client=2001:db8:0:c::50
setup() { :; }
traffic() {
	CLIENT=2001:db8:0:c::50 MORE=ipv6
	scan
}
