# story: The server takes no Bearer token of this client.
# how: a helper; curl with a token.
# expect: auth-failed server=198.51.100.10:8530 confidence=certain
setup() {
	misbehave server 8530 bearer
}
traffic() {
	MORE='oauth2-bearer = "made-up-token"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
