# story: The server refuses a Basic login: it does not know the user.
# how: Apache with a password file; curl.
# expect: auth-failed server=198.51.100.10:8530 confidence=certain
setup() {
	mkdir "$WORK/www/ServerSyncWebService"
	cp "$WORK/answer/RegisterComputer.answer.plain" "$WORK/www/ServerSyncWebService/ServerSyncWebService.asmx"
	printf 'sync:%s\n' "$(openssl passwd -apr1 correct)" >"$WORK/users"
	apache_in server 8530 <<-END
		DocumentRoot $WORK/www
		AddType "text/xml; charset=utf-8" .asmx
		<Location /ServerSyncWebService>
			AuthType Basic
			AuthName Corp
			AuthUserFile $WORK/users
			Require valid-user
		</Location>
	END
}
traffic() {
	MORE=anyauth$'\n''user = "nobody:correct"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
