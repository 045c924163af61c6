# story: Nothing: a first scan, a download in ranges and a report, over HTTP.
# how: nginx as WSUS on 8530; curl as agent and as BITS.
setup() { wsus; }
traffic() {
	scan
	download
	report
}
