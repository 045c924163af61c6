# story: The proxy forbids the update point.
# how: Squid denies the address.
# expect: proxy-denied answered_by=proxy
setup() {
	wsus
	squid_proxy 'acl wsus dst 198.51.100.10' 'http_access deny wsus'
}
traffic() {
	MORE=$VIA_PROXY
	scan
}
