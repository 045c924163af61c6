# story: Nothing: the proxy asks for a login and gets it.
# how: Squid with Basic; curl answers the 407.
# twin: proxy-auth-required
setup() {
	wsus
	printf 'agent:%s\n' "$(openssl passwd -apr1 correct)" >"$WORK/users"
	squid_proxy "auth_param basic program $HELPERS/basic_ncsa_auth $WORK/users" 'auth_param basic realm Corp' \
		'acl known proxy_auth REQUIRED' 'http_access deny !known'
}
traffic() {
	MORE=$VIA_PROXY$'\n'proxy-anyauth$'\n''proxy-user = "agent:correct"'
	scan
}
