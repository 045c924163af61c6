# story: The whole site requires a client certificate in TLS 1.3.
# how: Apache with SSLVerifyClient require.
# probe: --cacert $CA $HTTPS
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531
setup() {
	TLS_VERSIONS='-all +TLSv1.3'
	apache_tls 8531 'SSLVerifyClient require'
}
