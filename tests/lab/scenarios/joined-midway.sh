# story: Nothing: recording starts while a connection is in use.
# how: the client pauses 2 seconds between calls; recording starts after the first.
setup() {
	wsus
	(CURL_GLOBAL='--rate 30/m' calls GetConfig GetCookie SyncUpdates SyncUpdatesNext) &
	midway=$!
	sleep 1
}
traffic() { wait "$midway"; }
