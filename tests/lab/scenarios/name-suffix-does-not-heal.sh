# story: The update point's short name exists with none of the search suffixes.
# how: the policy says http://wsus09:8530; dnsmasq does not know it in either zone.
# expect: name-not-resolved client=192.0.2.50 server=192.0.2.254:53
setup() {
	wsus
	names_also 'local=/branch.example/'
	client_asks 'nameserver 192.0.2.254' 'search branch.example corp.example'
}
traffic() {
	BASE=http://wsus09:8530
	scan
}
