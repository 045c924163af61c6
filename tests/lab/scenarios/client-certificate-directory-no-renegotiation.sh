# story: One directory asks for a client certificate by renegotiation; the client refuses to renegotiate.
# how: Apache with SSLVerifyClient require for /ClientWebService, TLS 1.2; openssl s_client -no_renegotiation.
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531 confidence=probable
setup() {
	TLS_VERSIONS='-all +TLSv1.2'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient require' '</Location>'
}
traffic() {
	local again
	for again in one two; do
		typed /ClientWebService/wusserverversion.xml | tls_terminal -tls1_2 -no_renegotiation
	done
}
