# story: Nothing that stops anything: lost packets arrive late, behind the loss.
# how: as lossy-path, recorded at the client.
setup() {
	wsus
	firewall 'tcp sport 8530 numgen inc mod 8 == 5 drop'
}
traffic() {
	scan
	download
}
