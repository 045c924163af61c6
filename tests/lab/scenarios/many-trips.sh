# story: Nothing: a first scan of many round trips, and all of them are needed.
# how: curl repeats SyncUpdates, 60 times.
# twin: too-many-trips
setup() { wsus; }
traffic() {
	local calls='GetConfig GetAuthorizationCookie GetCookie RegisterComputer SyncUpdates' number
	CURL_GLOBAL='--keepalive-time 60'
	EDIT='s/<NeedTwoGroup.*Updates>//'
	for number in {2..60}; do
		calls+=' SyncUpdatesNext'
	done
	calls $calls
}
