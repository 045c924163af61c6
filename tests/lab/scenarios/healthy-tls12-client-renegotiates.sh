# story: Nothing: TLS 1.2; it is the client that renegotiates, and nobody asks for a certificate.
# how: openssl s_client with its command R, openssl s_server that lets it.
setup() {
	certificates
	tls_server 8531 -tls1_2 -client_renegotiation -cert "$WORK/tls/server.pem" \
		-key "$WORK/tls/server.key"
}
traffic() {
	{
		sleep 0.5
		echo R
		sleep 0.7
		typed /ClientWebService/wusserverversion.xml
	} | tls_terminal -tls1_2
}
