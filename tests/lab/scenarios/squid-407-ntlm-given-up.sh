# story: The client starts an NTLM login at the proxy and gives up at the challenge.
# how: Squid with its fake NTLM helper; a client of our own that has no more to say.
# expect: proxy-auth-required|proxy-auth-failed answered_by=proxy
setup() {
	wsus
	squid_proxy "auth_param ntlm program $HELPERS/ntlm_fake_auth" "auth_param ntlm keep_alive on" \
		"acl known proxy_auth REQUIRED" "http_access deny !known"
}
traffic() {
	MORE=$VIA_PROXY$'\n'"header = \"Proxy-Authorization: NTLM $NTLM_BEGUN\""
	scan
}
