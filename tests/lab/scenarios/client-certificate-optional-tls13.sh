# story: The update point asks for a client certificate in TLS 1.3, out of sight, and goes on without one.
# how: nginx with ssl_verify_client optional, TLS 1.3.
# expect: client-certificate-demanded severity=warning server=198.51.100.10:8531 confidence=probable
# expect-keys: client-certificate-demanded severity=warning confidence=certain server=198.51.100.10:8531
setup() {
	TLS_VERSIONS=TLSv1.3
	SITE='ssl_verify_client optional; ssl_client_certificate '$WORK/tls/ca.pem';'
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
