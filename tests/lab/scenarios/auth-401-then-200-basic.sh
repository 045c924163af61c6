# story: Nothing: 401, then a Basic login that is accepted.
# how: Apache with a password file.
# twin: auth-failed
setup() {
	apache_login ApiRemoting30/WebService.asmx Basic "admin:$(openssl passwd -apr1 secret)"
}
traffic() {
	MORE=anyauth$'\n''user = "admin:secret"'
	console /ApiRemoting30/WebService.asmx $NAMESPACE/Server/ApiRemotingWebService/GetServerVersion
}
