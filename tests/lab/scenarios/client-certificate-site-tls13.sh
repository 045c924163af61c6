# story: The whole site requires a client certificate, out of sight in TLS 1.3; the client goes on with none.
# how: Apache with SSLVerifyClient require, TLS 1.3; encrypted alert 116 after the client's flight.
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531 confidence=probable
# expect-keys: client-certificate-demanded severity=error confidence=certain server=198.51.100.10:8531
setup() {
	TLS_VERSIONS='-all +TLSv1.3'
	apache_tls 8531 'SSLVerifyClient require'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
