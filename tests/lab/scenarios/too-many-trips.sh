# story: A scan needs more round trips than the agent makes.
# how: curl repeats SyncUpdates, 201 times.
# expect: too-many-trips severity=error client=192.0.2.50
setup() { wsus; }
traffic() {
	local calls='GetConfig GetAuthorizationCookie GetCookie RegisterComputer SyncUpdates' number
	CURL_GLOBAL='--keepalive-time 60'
	EDIT='s/<NeedTwoGroup.*Updates>//'
	for number in {2..201}; do
		calls+=' SyncUpdatesNext'
	done
	calls $calls
}
