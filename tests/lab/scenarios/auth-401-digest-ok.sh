# story: Nothing: 401, then a Digest login that is accepted.
# how: Apache with mod_auth_digest; curl.
setup() {
	apache_login ServerSyncWebService/ServerSyncWebService.asmx Digest \
		"sync:Corp:$(printf 'sync:Corp:correct' | md5sum | cut -d ' ' -f 1)"
}
traffic() {
	MORE=digest$'\n''user = "sync:correct"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
