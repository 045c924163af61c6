# story: Nothing: TLS 1.2; the server closes after each answer and the client comes back with its session id.
# how: nginx that takes one request a connection, with a session cache and without tickets.
setup() {
	SITE='keepalive_requests 1; ssl_session_tickets off; ssl_session_cache shared:lab:1m;'
	TLS_VERSIONS=TLSv1.2
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
