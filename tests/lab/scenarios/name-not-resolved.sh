# story: The update point's name does not exist (NXDOMAIN).
# how: dnsmasq knows wsus01, and the policy says wsus09; the client tries twice.
# expect: name-not-resolved client=192.0.2.50 server=192.0.2.254:53 confidence=probable
setup() { wsus; }
traffic() {
	BASE=http://wsus09.corp.example:8530
	scan
	sleep 1
	scan
}
