# story: One directory requires a client certificate: the server renegotiates once it has read the request.
# how: Apache with SSLVerifyClient require for /ClientWebService, TLS 1.2.
# probe: --cacert $CA $HTTPS
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531
# check: tls/client_certificate:_ClientWebService failed asked for
# check: tls/client_certificate:_SimpleAuthWebService ok
setup() {
	TLS_VERSIONS='-all +TLSv1.2'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient require' '</Location>'
}
