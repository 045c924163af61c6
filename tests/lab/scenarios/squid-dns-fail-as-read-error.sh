# story: The proxy cannot resolve the name, and says 502 ERR_READ_ERROR 0 instead.
# how: as squid-dns-fail without TLS: Squid 5.7 has no better word for it there.
# expect: proxy-bad-gateway|proxy-name-not-resolved answered_by=proxy
# allow: proxy-in-path
setup() { squid_proxy; }
traffic() {
	BASE=http://wsus09.corp.example:8530
	MORE=$VIA_PROXY
	scan
}
