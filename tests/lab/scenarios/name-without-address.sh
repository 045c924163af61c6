# story: The update point's name exists, but has no address.
# how: dnsmasq has a TXT record of it and no A or AAAA.
# expect: name-not-resolved client=192.0.2.50 server=192.0.2.254:53
setup() {
	wsus
	names_also 'txt-record=wsus09.corp.example,moved'
}
traffic() {
	BASE=http://wsus09.corp.example:8530
	scan
}
