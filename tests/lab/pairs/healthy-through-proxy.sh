# story: Nothing: a scan and a download through an open forward proxy.
# how: Squid without conditions.
# expect: none
# also: relayed-between
# also: headers-changed-between
setup() {
	wsus
	squid_proxy
}
traffic() {
	MORE=$VIA_PROXY
	scan
	download
}
