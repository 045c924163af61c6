# story: The server speaks TLS 1.3 only; the client knows 1.2 at most.
# how: nginx with TLSv1.3; curl; alert 70.
# expect: tls-version-mismatch server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.3
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='tls-max = 1.2'
	scan
}
