# story: The whole site requires a client certificate; the client goes on with none: alert 40.
# how: Apache with SSLVerifyClient require, TLS 1.2.
# expect: client-certificate-demanded severity=error confidence=certain server=198.51.100.10:8531
setup() {
	TLS_VERSIONS='-all +TLSv1.2'
	apache_tls 8531 'SSLVerifyClient require'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
