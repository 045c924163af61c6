# story: Nothing: a first scan with its report, and at once a second with the cookie of the first.
# how: nginx as WSUS on 8530; curl as agent: all calls, then SyncUpdates alone.
setup() { wsus; }
traffic() {
	scan
	report
	calls SyncUpdatesNext
}
