# story: Nothing: a scan and a download pass a router.
# how: as it is.
# expect: none
setup() { wsus; }
traffic() {
	scan
	download
	report
}
