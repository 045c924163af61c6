# story: The proxy cannot connect to the update point.
# how: Squid; nothing listens on 8530: ERR_CONNECT_FAIL 111.
# expect: proxy-gateway-timeout answered_by=proxy
setup() { squid_proxy; }
traffic() {
	MORE=$VIA_PROXY
	scan
}
