# story: The client leaves at the demand for a client certificate, comes back with none, and gets through.
# how: nginx with ssl_verify_client optional, TLS 1.2; a client that leaves like WinHTTP, then curl.
# expect: client-certificate-demanded severity=warning confidence=certain server=198.51.100.10:8531
setup() {
	TLS_VERSIONS=TLSv1.2
	SITE='ssl_verify_client optional; ssl_client_certificate '$WORK/tls/ca.pem';'
	wsus '8531 ssl'
}
traffic() {
	tls_client leave-after-flight 1.2 1
	BASE=https://$WSUS_NAME:8531
	scan
}
