# story: The proxy's name, which resolved before, does not exist any more.
# how: the client scans through Squid; then dnsmasq forgets its name, and the client scans again.
# expect: name-not-resolved client=192.0.2.50 server=192.0.2.254:53 confidence=certain
# allow: proxy-in-path
setup() {
	wsus
	squid_proxy
}
traffic() {
	MORE=$VIA_PROXY
	scan
	sleep 6
	names_forget 'record=proxy'
	scan
}
