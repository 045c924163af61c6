# story: Nothing: 401, then a Basic login that is accepted.
# how: Apache with a password file.
setup() {
	mkdir "$WORK/www/ApiRemoting30"
	cp "$WORK/answer/RegisterComputer.answer.plain" "$WORK/www/ApiRemoting30/WebService.asmx"
	printf 'admin:%s\n' "$(openssl passwd -apr1 secret)" >"$WORK/users"
	apache_in server 8530 <<-END
		DocumentRoot $WORK/www
		AddType "text/xml; charset=utf-8" .asmx
		<Location /ApiRemoting30>
			AuthType Basic
			AuthName Corp
			AuthUserFile $WORK/users
			Require valid-user
		</Location>
	END
}
traffic() {
	MORE=anyauth$'\n''user = "admin:secret"'
	console /ApiRemoting30/WebService.asmx $NAMESPACE/Server/ApiRemotingWebService/GetServerVersion
}
