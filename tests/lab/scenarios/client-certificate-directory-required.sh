# story: One directory requires a client certificate: the server renegotiates once it has read the request.
# how: Apache with SSLVerifyClient require for /ClientWebService, TLS 1.2; curl goes on with none.
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531 confidence=probable
# expect-keys: client-certificate-demanded severity=error confidence=certain server=198.51.100.10:8531
setup() {
	TLS_VERSIONS='-all +TLSv1.2'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient require' '</Location>'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
