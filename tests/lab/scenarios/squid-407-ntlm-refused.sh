# story: The proxy challenges the NTLM login and refuses the account.
# how: Squid with a helper that says no to every account; curl.
# expect: proxy-auth-failed answered_by=proxy confidence=certain
setup() {
	wsus
	squid_proxy "auth_param ntlm program $LAB/ntlm-refuse.py" "auth_param ntlm keep_alive on" \
		"acl known proxy_auth REQUIRED" "http_access deny !known"
}
traffic() {
	MORE=$VIA_PROXY$'\n'proxy-ntlm$'\n''proxy-user = "CORP\\PC-0450$:secret"'
	scan
}
