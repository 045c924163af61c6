# story: Nothing: the three legs of an NTLM login at the proxy.
# how: Squid with its fake NTLM helper.
# twin: proxy-auth-failed auth-multiplexed
setup() {
	wsus
	squid_proxy "auth_param ntlm program $HELPERS/ntlm_fake_auth" 'auth_param ntlm keep_alive on' \
		'acl known proxy_auth REQUIRED' 'http_access deny !known'
}
traffic() {
	MORE=$VIA_PROXY$'\n'proxy-anyauth$'\n''proxy-user = "CORP\\PC-0450$:secret"'
	scan
}
