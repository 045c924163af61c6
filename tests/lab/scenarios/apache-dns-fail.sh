# story: The proxy cannot resolve the name of the update point, and says so.
# how: Apache as forward proxy; dnsmasq does not know the name.
# expect: proxy-name-not-resolved answered_by=proxy
setup() { apache_proxy; }
traffic() {
	BASE=http://wsus09.corp.example:8530
	MORE=$VIA_PROXY
	scan
}
