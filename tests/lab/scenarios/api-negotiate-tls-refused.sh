# story: A Kerberos login inside TLS is refused; only keys can show it.
# how: as api-negotiate-wrong-key, with TLS.
# expect-keys: admin-api-denied server=198.51.100.10:8531 confidence=certain
setup() {
	certificates
	kdc $AUTH_SERVER=stale
	apache_negotiates 8531 'SSLEngine on' "SSLCertificateFile $WORK/tls/server.pem" \
		"SSLCertificateKeyFile $WORK/tls/server.key"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=negotiate$'\n''user = ":"'
	api_call
}
