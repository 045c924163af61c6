# story: The server refuses a Digest login: the password is wrong.
# how: as auth-401-digest-ok.
# expect: auth-failed server=198.51.100.10:8530 confidence=certain
setup() {
	apache_login ServerSyncWebService/ServerSyncWebService.asmx Digest \
		"sync:Corp:$(printf 'sync:Corp:correct' | md5sum | cut -d ' ' -f 1)"
}
traffic() {
	MORE=digest$'\n''user = "sync:wrong"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
