# story: The client speaks TLS 1.1 at most, the server 1.2 at least.
# how: openssl s_server -tls1_2; alert 70.
# expect: tls-version-mismatch server=198.51.100.10:8531
setup() {
	certificates
	start server openssl s_server -accept 8531 -www -tls1_2 -cert "$LAB_RUN/tls/server.pem" \
		-key "$LAB_RUN/tls/server.key" >"$WORK/s_server.log" 2>&1
	await server 8531
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='tlsv1.0'$'\n''tls-max = 1.1'$'\n''ciphers = "DEFAULT@SECLEVEL=0"'
	scan
}
