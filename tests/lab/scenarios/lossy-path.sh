# story: Every eighth packet to the client is lost, and repeated: slow, but it works.
# how: nftables drops by count; recorded where the repetitions leave.
# tap: server
# expect: loss severity=info
setup() {
	wsus
	firewall 'tcp sport 8530 numgen inc mod 8 == 5 drop'
}
traffic() {
	scan
	download
}
