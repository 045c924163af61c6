# story: Nothing: an NTLM login inside TLS.
# how: a helper plays IIS and NTLM behind openssl's TLS; curl.
setup() {
	certificates
	misbehave server 8531 tls "$WORK/tls/server.pem" "$WORK/tls/server.key" \
		ntlm "$WORK/answer/RegisterComputer.answer.plain"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=ntlm$'\n''user = "CORP\\admin:secret"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
