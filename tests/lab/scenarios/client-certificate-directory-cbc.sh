# story: One directory requires a client certificate; the record shapes are those of AES-CBC.
# how: as client-certificate-directory-required, with ECDHE-RSA-AES128-SHA and with AES256-SHA256.
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531 confidence=probable
# expect-keys: client-certificate-demanded severity=error confidence=certain server=198.51.100.10:8531
setup() {
	TLS_VERSIONS='-all +TLSv1.2'
	apache_tls 8531 '<Location /ClientWebService>' 'SSLVerifyClient require' '</Location>'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='ciphers = "ECDHE-RSA-AES128-SHA"'
	scan
	MORE='ciphers = "AES256-SHA256"'
	scan
}
