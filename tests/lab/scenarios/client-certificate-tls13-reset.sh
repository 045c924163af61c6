# story: TLS 1.3 on Server 2022: it cannot ask after the handshake, and resets at the request.
# how: a helper ends the handshake and resets at the first request, for each client again.
# expect: client-certificate-demanded severity=error confidence=possible server=198.51.100.10:8531
setup() {
	certificates
	misbehave server 8531 tls "$WORK/tls/server.pem" "$WORK/tls/server.key" reset-after 0
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
	tls_client post 1.3
}
