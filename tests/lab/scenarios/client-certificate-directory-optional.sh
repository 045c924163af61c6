# story: One directory asks for a client certificate by renegotiation and goes on without one.
# how: Apache with SSLVerifyClient optional for /ClientWebService, TLS 1.2.
# expect: client-certificate-demanded severity=warning server=198.51.100.10:8531 confidence=probable
# expect-keys: client-certificate-demanded severity=warning confidence=certain server=198.51.100.10:8531
setup() {
	TLS_VERSIONS='-all +TLSv1.2'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient optional' '</Location>'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
