# story: Nothing: the management point tells an update point, and there the client scans.
# how: a management point on 80 that tells wsus01; curl asks it, and scans there.
setup() {
	second_update_point
	wsus
	management_point "http://$WSUS_NAME:8530"
}
traffic() {
	asks_where
	scan
}
