# story: The update point asks for a client certificate in the handshake; the client leaves.
# how: nginx with ssl_verify_client on, TLS 1.2; a client that leaves like WinHTTP.
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	SITE='ssl_verify_client on; ssl_client_certificate '$WORK/tls/ca.pem';'
	wsus '8531 ssl'
}
traffic() { tls_client leave-after-flight; }
