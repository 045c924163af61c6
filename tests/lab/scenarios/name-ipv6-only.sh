# story: Nothing: the name has no IPv4 address, and its IPv6 address serves.
# how: dnsmasq answers A with nothing, AAAA with the update point.
# net: ipv6
setup() {
	wsus
	names_also "host-record=wsus06.corp.example,$WSUS_IP6"
}
traffic() {
	CLIENT=2001:db8:0:c::50
	BASE=http://wsus06.corp.example:8530
	scan
}
