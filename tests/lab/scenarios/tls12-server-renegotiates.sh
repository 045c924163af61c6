# story: Nothing: the server renegotiates to change keys, takes the session up again and asks for nothing.
# how: openssl s_server with its command r, TLS 1.2; openssl s_client.
# twin: client-certificate-demanded
setup() {
	certificates
	{
		sleep 3
		echo r
		sleep 1
		printf '%s\r\n' 'HTTP/1.1 200 OK' 'Server: Microsoft-IIS/10.0' 'Content-Type: text/xml' \
			'Content-Length: 11' '' '<answer/>'
		sleep 3
	} | inside server openssl s_server -accept 8531 -tls1_2 -cert "$WORK/tls/server.pem" \
		-key "$WORK/tls/server.key" >"$WORK/s_server.log" 2>&1 &
	await server 8531
}
traffic() {
	{
		typed /ClientWebService/wusserverversion.xml
		sleep 4
	} | tls_terminal -tls1_2
}
