# story: The proxy cannot resolve the name of the update point.
# how: Squid, asked for a tunnel to a name that dnsmasq does not know: ERR_DNS_FAIL.
# expect: proxy-name-not-resolved answered_by=proxy
# allow: proxy-in-path
setup() { squid_proxy; }
traffic() {
	BASE=https://wsus09.corp.example:8531
	MORE=$VIA_PROXY
	scan
}
