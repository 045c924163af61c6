# story: Nothing: an answer too long for UDP (TC) comes over TCP.
# how: the name has forty addresses, all of them the update point's.
setup() {
	many_addresses
	wsus
}
traffic() {
	BASE=http://wsus05.corp.example:8530
	scan
}
