# story: The KDC knows no service of the proxy's name: the client has no ticket to show.
# how: as squid-negotiate-ok; the proxy's principal has another name.
# expect: proxy-auth-required answered_by=proxy confidence=certain
setup() {
	wsus
	kdc HTTP/gateway.corp.example
	squid_negotiates -k "$WORK/krb5/gateway.corp.example.keytab"
}
traffic() {
	MORE=$VIA_PROXY$'\n'proxy-negotiate$'\n''proxy-user = ":"'
	scan
}
