# story: The update point that the user names does not exist in DNS.
# how: dnsmasq does not know upd.corp.example; nothing in that name looks like an update point.
# analyze: --sup http://upd.corp.example:8530
# expect: name-not-resolved client=192.0.2.50 confidence=certain
setup() { wsus; }
traffic() {
	BASE=http://upd.corp.example:8530
	scan
}
