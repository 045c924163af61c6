# story: Nothing that hurts: a router clamps the MSS, sets TTL and DSCP.
# how: nftables on the router.
# expect: none
# also: rewritten-between
setup() {
	wsus
	firewall 'tcp flags syn tcp option maxseg size set 1200' 'ip ttl set 200' 'ip dscp set cs1'
}
traffic() {
	scan
	download
}
