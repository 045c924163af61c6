# story: The proxy's clock is twenty minutes ahead: it takes no ticket.
# how: as squid-connect-negotiate-ok; Squid runs under faketime.
# expect: proxy-auth-failed answered_by=proxy confidence=certain
setup() {
	wsus '8531 ssl'
	kdc $AUTH_PROXY
	CLOCK=+20m squid_negotiates -k "$WORK/krb5/proxy.corp.example.keytab"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY$'\n'proxy-negotiate$'\n''proxy-user = ":"'
	scan
}
