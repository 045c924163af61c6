# story: The proxy lets downloads through and forbids calls; the server is never asked.
# how: Squid denies by method.
# expect: answered-between
# also: relayed-between
# says: something answers in the server's place
setup() {
	wsus
	squid_proxy 'acl calls method POST' 'http_access deny calls'
}
traffic() {
	MORE=$VIA_PROXY
	download
	scan
	download
}
