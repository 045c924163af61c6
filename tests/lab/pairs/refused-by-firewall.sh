# story: A firewall refuses port 8530 with resets in the server's name.
# how: nftables on the router: reject with tcp reset.
# expect: refused-between
# says: something refuses connections to port 8530
setup() {
	wsus 8530 80
	firewall 'tcp dport 8530 reject with tcp reset'
}
traffic() {
	BASE=http://$WSUS_NAME:80 files "$AGENT" GET /pages/iis-404.htm
	scan
	BASE=http://$WSUS_NAME:80 files "$AGENT" GET /pages/iis-404.htm
}
