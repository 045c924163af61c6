# story: Nothing: a Kerberos ticket for the proxy opens the tunnel to 8531.
# how: Squid with negotiate_kerberos_auth; curl and CONNECT.
setup() {
	wsus '8531 ssl'
	kdc $AUTH_PROXY
	squid_negotiates -k "$WORK/krb5/proxy.corp.example.keytab"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY$'\n'proxy-negotiate$'\n''proxy-user = ":"'
	scan
}
