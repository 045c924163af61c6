# story: The proxy cannot resolve the name, and answers CONNECT with ERR_CANNOT_FORWARD.
# how: Squid 5.7, asked for a tunnel to a name that dnsmasq does not know.
# expect: proxy-connect-denied|proxy-bad-gateway|proxy-name-not-resolved answered_by=proxy
setup() { certificates; squid_proxy; }
traffic() {
	BASE=https://wsus09.corp.example:8531
	MORE=$VIA_PROXY
	scan
}
