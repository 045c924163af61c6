# story: Nothing: the three legs of an NTLM login before a tunnel to 8531.
# how: Squid with its fake NTLM helper; curl and CONNECT.
setup() {
	wsus '8531 ssl'
	squid_proxy "auth_param ntlm program $HELPERS/ntlm_fake_auth" "auth_param ntlm keep_alive on" \
		"acl known proxy_auth REQUIRED" "http_access deny !known"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY$'\n'proxy-ntlm$'\n''proxy-user = "CORP\\PC-0450$:secret"'
	scan
}
