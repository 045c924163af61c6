# story: The server refuses long requests: small calls pass, SyncUpdates does not.
# how: nginx with client_max_body_size.
# expect: request-too-large server=198.51.100.10:8530
setup() {
	SITE='client_max_body_size 900;'
	wsus
}
traffic() { calls GetConfig GetAuthorizationCookie GetCookie SyncUpdates; }
