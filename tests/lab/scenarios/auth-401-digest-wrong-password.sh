# story: The server refuses a Digest login: the password is wrong.
# how: as auth-401-digest-ok.
# expect: auth-failed server=198.51.100.10:8530 confidence=certain
setup() {
	mkdir "$WORK/www/ServerSyncWebService"
	cp "$WORK/answer/RegisterComputer.answer.plain" "$WORK/www/ServerSyncWebService/ServerSyncWebService.asmx"
	printf 'sync:Corp:%s\n' "$(printf 'sync:Corp:correct' | md5sum | cut -d ' ' -f 1)" >"$WORK/users"
	apache_in server 8530 <<-END
		DocumentRoot $WORK/www
		AddType "text/xml; charset=utf-8" .asmx
		<Location /ServerSyncWebService>
			AuthType Digest
			AuthName Corp
			AuthUserFile $WORK/users
			Require valid-user
		</Location>
	END
}
traffic() {
	MORE=digest$'\n''user = "sync:wrong"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
