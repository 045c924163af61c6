# story: Nothing: 401, then a Digest login that is accepted.
# how: Apache with mod_auth_digest; curl.
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
	MORE=digest$'\n''user = "sync:correct"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
