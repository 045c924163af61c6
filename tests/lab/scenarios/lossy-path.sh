# story: Every twelfth packet to the client is lost, and repeated: slow, but it works.
# how: nftables drops by count; small segments; recorded where the repetitions leave.
# tap: server
# expect: loss severity=info
setup() {
	wsus
	inside client ip route change default via 192.0.2.254 advmss 400
	firewall 'tcp sport 8530 numgen inc mod 12 == 5 drop'
}
traffic() {
	scan
	download
	download
}
