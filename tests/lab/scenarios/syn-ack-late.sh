# story: Nothing: the first SYN is lost, the second is answered.
# how: nftables drops SYNs for the first half second.
# twin: connection-unanswered loss
setup() {
	wsus
	firewall 'tcp dport 8530 drop'
}
traffic() {
	(sleep 0.6; firewall) &
	scan
}
