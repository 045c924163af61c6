# story: The same black hole, seen by the client: small packets come, full ones never.
# how: as mtu-black-hole.
# expect: mtu-black-hole|request-unanswered server=198.51.100.10:8530
setup() {
	wsus
	firewall 'meta length > 1400 tcp sport 8530 drop'
}
traffic() {
	PATIENCE=6
	files "$AGENT" GET $CONTENT
}
