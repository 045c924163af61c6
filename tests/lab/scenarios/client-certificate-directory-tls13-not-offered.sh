# story: One directory requires a client certificate; the client of TLS 1.3 cannot be asked any more: 403.
# how: Apache with SSLVerifyClient require for /ClientWebService; a client that offers no such thing.
# expect-keys: client-certificate-demanded|forbidden severity=error server=198.51.100.10:8531
setup() {
	TLS_VERSIONS='-all +TLSv1.3'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient require' '</Location>'
}
traffic() { tls_client post 1.3; }
