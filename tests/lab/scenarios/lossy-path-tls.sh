# story: Every twelfth packet to the client is lost, and repeated: TLS comes through it, slowly.
# how: nftables drops by count; small segments; recorded where the repetitions leave; TLS 1.2 and 1.3.
# tap: server
# expect: loss severity=info
setup() {
	wsus '8531 ssl'
	inside client ip route change default via 192.0.2.254 advmss 400
	firewall 'tcp sport 8531 numgen inc mod 12 == 5 drop'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	MORE='tls-max = 1.2'
	scan
	download
}
