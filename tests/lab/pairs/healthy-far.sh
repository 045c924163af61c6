# story: Nothing: recorded at both legs of the router itself.
# how: as it is.
# taps: router lan0 router srv0
# expect: none
setup() { wsus; }
traffic() {
	scan
	download
}
