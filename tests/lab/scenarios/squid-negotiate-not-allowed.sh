# story: The proxy knows the client's account by its Kerberos ticket, and does not let it pass.
# how: as squid-negotiate-ok; Squid lets another account pass only.
# expect: proxy-auth-failed|proxy-denied answered_by=proxy
setup() {
	wsus
	kdc $AUTH_PROXY
	squid_negotiates -k "$WORK/krb5/proxy.corp.example.keytab" "$(
		printf '\n%s\n' "acl allowed proxy_auth admin@$REALM" 'http_access deny !allowed')"
}
traffic() {
	MORE=$VIA_PROXY$'\n'proxy-negotiate$'\n''proxy-user = ":"'
	scan
}
