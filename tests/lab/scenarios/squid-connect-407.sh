# story: The proxy wants a login before it opens a tunnel; the client has none.
# how: Squid with Basic; curl and CONNECT.
# expect: proxy-auth-required answered_by=proxy confidence=certain
setup() {
	wsus '8531 ssl'
	squid_proxy "auth_param basic program $HELPERS/basic_fake_auth" 'acl known proxy_auth REQUIRED' \
		'http_access deny !known'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY
	scan
}
