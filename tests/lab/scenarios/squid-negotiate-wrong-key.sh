# story: The proxy cannot open the client's ticket: it runs by another account than the name's.
# how: as squid-negotiate-ok; the service has the keys of another account.
# expect: proxy-auth-failed answered_by=proxy confidence=certain
setup() {
	wsus
	kdc $AUTH_PROXY=stale
	squid_negotiates -k "$WORK/krb5/proxy.corp.example.keytab"
}
traffic() {
	MORE=$VIA_PROXY$'\n'proxy-negotiate$'\n''proxy-user = ":"'
	scan
}
