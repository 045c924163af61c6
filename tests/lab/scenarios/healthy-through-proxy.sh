# story: Nothing: a scan and a download through an open forward proxy.
# how: Squid without conditions.
# twin: proxy-bad-gateway proxy-gateway-timeout proxy-denied proxy-in-path http-downgraded proxy-name-not-resolved
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
