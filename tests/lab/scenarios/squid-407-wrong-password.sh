# story: The proxy refuses the login that the client sends.
# how: Squid with Basic; a wrong password.
# expect: proxy-auth-failed answered_by=proxy confidence=certain
setup() {
	wsus
	printf 'agent:%s\n' "$(openssl passwd -apr1 correct)" >"$WORK/users"
	squid_proxy "auth_param basic program $HELPERS/basic_ncsa_auth $WORK/users" 'auth_param basic realm Corp' \
		'acl known proxy_auth REQUIRED' 'http_access deny !known'
}
traffic() {
	MORE=$VIA_PROXY$'\n'proxy-anyauth$'\n''proxy-user = "agent:wrong"'
	scan
}
