# story: Nothing: the server side's clock is an hour ahead.
# how: editcap -t.
# clock: 3600.25
# expect: none
setup() { wsus; }
traffic() {
	scan
	download
}
