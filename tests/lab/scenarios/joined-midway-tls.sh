# story: Nothing: recording starts while a connection of TLS is in use, so its keys open nothing.
# how: the client pauses 2 seconds between calls; recording starts after the first.
setup() {
	wsus '8531 ssl'
	BASE=https://$WSUS_NAME:8531
	(CURL_GLOBAL='--rate 30/m' calls GetConfig GetCookie SyncUpdates SyncUpdatesNext) &
	midway=$!
	sleep 1
}
traffic() { wait "$midway"; }
