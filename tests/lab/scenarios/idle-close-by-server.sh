# story: Nothing: the server closes idle connections after a second, and the client opens another.
# how: nginx with keepalive_timeout 1.
# twin: idle-cut
setup() {
	SITE='keepalive_timeout 1;'
	wsus
}
traffic() {
	CURL_GLOBAL='--rate 24/m'
	calls GetConfig GetCookie SyncUpdatesNext
}
