# story: The proxy refuses the NTLM login before it opens a tunnel.
# how: Squid with a helper that says no to every account; curl and CONNECT.
# expect: proxy-auth-failed answered_by=proxy confidence=certain
setup() {
	wsus '8531 ssl'
	squid_proxy "auth_param ntlm program $LAB/ntlm-refuse.py" "auth_param ntlm keep_alive on" \
		"acl known proxy_auth REQUIRED" "http_access deny !known"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY$'\n'proxy-ntlm$'\n''proxy-user = "CORP\\PC-0450$:secret"'
	scan
}
