# story: The update point wants a client certificate; the client goes on with none and is refused.
# how: nginx with ssl_verify_client on, which answers 400; TLS 1.2.
# expect: client-certificate-demanded severity=error confidence=certain server=198.51.100.10:8531
setup() {
	TLS_VERSIONS=TLSv1.2
	SITE='ssl_verify_client on; ssl_client_certificate '$WORK/tls/ca.pem';'
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
