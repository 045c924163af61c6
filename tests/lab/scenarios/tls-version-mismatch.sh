# story: The client speaks TLS 1.1 at most, the server 1.2 at least.
# how: openssl s_server -tls1_2; alert 70.
# expect: tls-version-mismatch server=198.51.100.10:8531 confidence=certain
setup() {
	certificates
	tls_server 8531 -tls1_2 -cert "$WORK/tls/server.pem" -key "$WORK/tls/server.key"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='tlsv1.0'$'\n''tls-max = 1.1'$'\n''ciphers = "DEFAULT@SECLEVEL=0"'
	scan
}
