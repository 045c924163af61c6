# story: In a tunnel and inside TLS, an NTLM login at the update point is refused; only keys can show it.
# how: Squid with CONNECT; a helper plays IIS and NTLM behind openssl's TLS; curl.
# expect-keys: auth-failed confidence=certain
setup() {
	certificates
	misbehave server 8531 tls "$WORK/tls/server.pem" "$WORK/tls/server.key" \
		ntlm-refuse "$WORK/answer/RegisterComputer.answer.plain"
	squid_proxy
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY$'\n'ntlm$'\n''user = "CORP\\admin:secret"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
