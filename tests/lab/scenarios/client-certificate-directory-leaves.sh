# story: One directory asks for a client certificate by renegotiation; the client leaves, as WinHTTP does.
# how: Apache with SSLVerifyClient require for /ClientWebService, TLS 1.2; a client of our own.
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531 confidence=probable
setup() {
	TLS_VERSIONS='-all +TLSv1.2'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient require' '</Location>'
}
traffic() { tls_client leave-at-renegotiation; }
