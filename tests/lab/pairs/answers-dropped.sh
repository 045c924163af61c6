# story: A firewall lets SYNs to port 8530 through and drops the answers.
# how: nftables on the router: drop by source port.
# lost: server tcp.srcport==8530
# expect: answers-dropped-between
# says: something drops what comes back from port 8530
setup() {
	wsus 8530 80
	firewall 'tcp sport 8530 drop'
}
traffic() {
	BASE=http://$WSUS_NAME:80 files "$AGENT" GET /pages/iis-404.htm
	scan
	BASE=http://$WSUS_NAME:80 files "$AGENT" GET /pages/iis-404.htm
}
