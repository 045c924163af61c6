# story: One directory requires a client certificate after the handshake of TLS 1.3; only keys can show it.
# how: Apache with SSLVerifyClient require for /ClientWebService, TLS 1.3; curl offers it.
# expect-keys: client-certificate-demanded severity=error confidence=certain server=198.51.100.10:8531
setup() {
	TLS_VERSIONS='-all +TLSv1.3'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient require' '</Location>'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
