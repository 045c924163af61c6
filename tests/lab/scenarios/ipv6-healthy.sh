# story: Nothing: a scan over IPv6.
# how: the healthy scan with the second row of addresses.
# net: ipv6
setup() { wsus; }
traffic() {
	CLIENT=2001:db8:0:c::50 MORE=ipv6
	scan
	download
}
