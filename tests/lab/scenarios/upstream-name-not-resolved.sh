# story: The WSUS server cannot resolve Microsoft Update.
# how: dnsmasq has no server to ask; clients scan meanwhile.
# tap: router srv0
# expect: name-not-resolved client=198.51.100.10 server=198.51.100.254:53 confidence=certain
# allow: upstream-unreachable
setup() { wsus; }
traffic() {
	scan
	inside server getent ahosts sws.update.microsoft.com
	sleep 2
	inside server getent ahosts sws.update.microsoft.com
	sleep 1
}
