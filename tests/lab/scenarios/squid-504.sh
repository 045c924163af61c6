# story: The proxy waits for the update point until its patience ends.
# how: Squid with a short read_timeout; a silent server: ERR_READ_TIMEOUT.
# expect: proxy-gateway-timeout answered_by=proxy
setup() {
	misbehave server 8530 silent
	squid_proxy 'read_timeout 2 seconds'
}
traffic() {
	MORE=$VIA_PROXY
	scan
}
