# story: The proxy cannot resolve the name, and says 502 ERR_READ_ERROR 0 instead.
# how: Squid 5.7; dnsmasq does not know the name, and Squid has no better word for it.
# expect: proxy-bad-gateway|proxy-name-not-resolved answered_by=proxy
setup() { squid_proxy; }
traffic() {
	BASE=http://wsus09.corp.example:8530
	MORE=$VIA_PROXY
	scan
}
