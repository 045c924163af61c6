# story: Packets above 1400 bytes vanish on the way to the client, and no ICMP says so.
# how: nftables drops by length.
# expect: large-packets-lost-between
# says: large packets are lost to or from port 8530
setup() {
	wsus
	firewall 'meta length > 1400 tcp sport 8530 drop'
}
traffic() {
	PATIENCE=6
	files "$AGENT" GET $CONTENT
}
