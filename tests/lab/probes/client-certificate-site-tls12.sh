# story: The whole site requires a client certificate in the handshake of TLS 1.2.
# how: Apache with SSLVerifyClient require; without a certificate, then with one.
# probe: --cacert $CA $HTTPS
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531
# probe: --cacert $CA --cert $WORK/tls/pc-0450.pem --key $WORK/tls/pc-0450.key $HTTPS
# expect: client-certificate-demanded server=198.51.100.10:8531
# check: soap/GetCookie ok
setup() {
	client_certificate
	TLS_VERSIONS='-all +TLSv1.2'
	apache_tls 8531 'SSLVerifyClient require'
}
