# story: Nothing: a first scan, a download in ranges and a report, over HTTP.
# how: nginx as WSUS on 8530; curl as agent and as BITS.
# expect: clear-text-update severity=info client=None server=198.51.100.10:8530
setup() { wsus; }
traffic() {
	scan
	download
	report
}
