# story: The server offers a cipher suite without encryption only.
# how: openssl s_server; alert 40.
# probe: --cacert $CA $HTTPS
# expect: tls-no-common-cipher server=198.51.100.10:8531
# check: tls failed
setup() {
	certificates
	wsus
	tls_server 8531 -tls1_2 -cipher NULL-SHA256:@SECLEVEL=0 -cert "$WORK/tls/server.pem" -key "$WORK/tls/server.key"
}
