# story: One directory asks for a client certificate and serves without one.
# how: Apache with SSLVerifyClient optional for /ClientWebService, TLS 1.2.
# probe: --cacert $CA $HTTPS
# expect: client-certificate-demanded server=198.51.100.10:8531
# check: soap/GetCookie ok
setup() {
	TLS_VERSIONS='-all +TLSv1.2'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient optional' '</Location>'
}
