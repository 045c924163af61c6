# story: A firewall rejects port 8530 and says so.
# how: nftables on the router: reject with icmp admin-prohibited.
# expect: rejected-between
# says: a device rejects what goes to port 8530
setup() {
	wsus 8530 80
	firewall 'tcp dport 8530 reject with icmp type admin-prohibited'
}
traffic() {
	BASE=http://$WSUS_NAME:80 files "$AGENT" GET /pages/iis-404.htm
	scan
	BASE=http://$WSUS_NAME:80 files "$AGENT" GET /pages/iis-404.htm
}
