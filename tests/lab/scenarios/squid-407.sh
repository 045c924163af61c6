# story: The proxy wants a login; the client has none and gives up.
# how: Squid with NTLM and Basic; curl sends nothing.
# expect: proxy-auth-required answered_by=proxy confidence=certain
setup() {
	wsus
	squid_proxy "auth_param ntlm program $HELPERS/ntlm_fake_auth" \
		"auth_param basic program $HELPERS/basic_fake_auth" \
		'acl known proxy_auth REQUIRED' 'http_access deny !known'
}
traffic() {
	MORE=$VIA_PROXY
	scan
}
