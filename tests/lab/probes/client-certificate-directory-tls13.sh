# story: One directory requires a client certificate, which in TLS 1.3 needs what clients do not offer: 403.
# how: Apache with SSLVerifyClient require for /ClientWebService, TLS 1.3.
# probe: --cacert $CA $HTTPS
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531
# allow: forbidden
setup() {
	TLS_VERSIONS='-all +TLSv1.3'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient require' '</Location>'
}
