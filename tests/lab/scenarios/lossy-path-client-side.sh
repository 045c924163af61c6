# story: Nothing that stops anything: lost packets arrive late, behind the loss.
# how: as lossy-path, recorded at the client.
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
