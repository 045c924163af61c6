# story: Nothing: TLS 1.3; the server closes after each answer and the client comes back with its ticket.
# how: nginx that takes one request a connection; curl keeps its sessions.
setup() {
	SITE='keepalive_requests 1;'
	TLS_VERSIONS=TLSv1.3
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
