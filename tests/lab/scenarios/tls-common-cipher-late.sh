# story: Nothing: only the last suite of the client is one of the server's.
# how: as tls-no-common-cipher, with the server's suite at the end.
# twin: tls-no-common-cipher
setup() {
	certificates
	tls_server 8531 -tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384 -cert "$WORK/tls/server.pem" \
		-key "$WORK/tls/server.key"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='tls-max = 1.2'$'\n''ciphers = "ECDHE-RSA-AES128-SHA:AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384"'
	files "$AGENT" GET /ClientWebService/wusserverversion.xml
}
