# story: The management point tells one update point, the client scans at another: a Group Policy overrides it.
# how: a management point on 80 that tells wsus01; curl asks it, and scans at wsus09.
# expect: wrong-server client=192.0.2.50 server=198.51.100.11:8530 confidence=probable
setup() {
	second_update_point
	wsus
	management_point "http://$WSUS_NAME:8530"
}
traffic() {
	asks_where
	BASE=http://wsus09.corp.example:8530
	scan
}
