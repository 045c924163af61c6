# story: Nothing: the management point announces a switch of update points, and the client follows.
# how: a management point on 80 that tells wsus01, then wsus09; curl scans at each after it was told.
# twin: wrong-server
setup() {
	second_update_point
	wsus
	management_point "http://$WSUS_NAME:8530"
}
traffic() {
	asks_where
	scan
	tells http://wsus09.corp.example:8530
	asks_where
	BASE=http://wsus09.corp.example:8530
	scan
}
