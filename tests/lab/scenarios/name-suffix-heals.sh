# story: Nothing: with the first search suffix the name does not exist, with the second it does.
# how: the policy says http://wsus01:8530; dnsmasq knows nobody in branch.example.
# twin: name-not-resolved
setup() {
	wsus
	names_also 'local=/branch.example/'
	client_asks 'nameserver 192.0.2.254' 'search branch.example corp.example'
}
traffic() {
	BASE=http://wsus01:8530
	scan
}
