# story: An NTLM login inside TLS is refused at its third leg; only keys can show it.
# how: a helper plays IIS and NTLM behind openssl's TLS; curl.
# expect-keys: auth-failed server=198.51.100.10:8531 confidence=certain
setup() {
	certificates
	misbehave server 8531 tls "$WORK/tls/server.pem" "$WORK/tls/server.key" \
		ntlm-refuse "$WORK/answer/RegisterComputer.answer.plain"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=ntlm$'\n''user = "CORP\\admin:secret"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
