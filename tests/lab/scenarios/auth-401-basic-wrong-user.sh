# story: The server refuses a Basic login: it does not know the user.
# how: Apache with a password file; curl.
# expect: auth-failed server=198.51.100.10:8530 confidence=certain
setup() {
	apache_login ServerSyncWebService/ServerSyncWebService.asmx Basic "sync:$(openssl passwd -apr1 correct)"
}
traffic() {
	MORE=anyauth$'\n''user = "nobody:correct"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
