# story: Nothing: the first reply holds no location, the next one does, and the client scans.
# how: a management point on 80 that tells nothing, then wsus01.
# twin: no-update-point
setup() {
	wsus
	management_point none
}
traffic() {
	asks_where
	tells "http://$WSUS_NAME:8530"
	asks_where
	scan
}
