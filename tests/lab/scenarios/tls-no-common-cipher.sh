# story: Client and server have no cipher suite in common.
# how: openssl s_server with one suite, curl with another; alert 40.
# expect: tls-no-common-cipher server=198.51.100.10:8531 confidence=probable
setup() {
	certificates
	tls_server 8531 -tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384 -cert "$WORK/tls/server.pem" \
		-key "$WORK/tls/server.key"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='tls-max = 1.2'$'\n''ciphers = "ECDHE-RSA-AES128-SHA:AES128-SHA"'
	scan
}
