# story: Every twelfth packet to the client is lost on the way.
# how: nftables drops by count; small segments.
# lost: server tcp.srcport==8530
# expect: loss-between
# says: packets are lost to or from port 8530
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
