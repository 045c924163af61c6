# story: The name server refuses questions for the update point's zone (REFUSED).
# how: dnsmasq has that zone neither itself nor a server to ask.
# expect: name-not-resolved client=192.0.2.50 server=192.0.2.254:53
setup() { wsus; }
traffic() {
	BASE=http://wsus01.branch.example:8530
	scan
}
