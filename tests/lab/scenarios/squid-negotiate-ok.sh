# story: Nothing: the client shows the proxy a Kerberos ticket.
# how: Squid with negotiate_kerberos_auth, MIT's KDC; curl.
setup() {
	wsus
	kdc $AUTH_PROXY
	squid_negotiates -k "$WORK/krb5/proxy.corp.example.keytab"
}
traffic() {
	MORE=$VIA_PROXY$'\n'proxy-negotiate$'\n''proxy-user = ":"'
	scan
	download
}
