# story: A firewall drops what goes to port 8530; port 80 of the same server passes.
# how: nftables on the router: drop.
# lost: client tcp.dstport==8530
# expect: dropped-between
# says: something drops what goes to port 8530: [0-9]+ of [0-9]+ SYNs of 192\.0\.2\.50 left, none arrived
setup() {
	wsus 8530 80
	firewall 'tcp dport 8530 drop'
}
traffic() {
	BASE=http://$WSUS_NAME:80 files "$AGENT" GET /pages/iis-404.htm
	scan
	BASE=http://$WSUS_NAME:80 files "$AGENT" GET /pages/iis-404.htm
}
