# story: A connection of TLS 1.3 is reset after answers: no sign of a client certificate.
# how: a helper answers four requests and resets at the fifth.
# expect-keys: connection-reset|request-unanswered server=198.51.100.10:8531
# allow: connection-reset request-unanswered scan-incomplete
setup() {
	certificates
	misbehave server 8531 tls "$WORK/tls/server.pem" "$WORK/tls/server.key" reset-after 4
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
