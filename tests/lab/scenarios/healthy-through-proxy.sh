# story: Nothing: a scan and a download through an open forward proxy.
# how: Squid without conditions.
setup() {
	wsus
	squid_proxy
}
traffic() {
	MORE=$VIA_PROXY
	scan
	download
	report
}
