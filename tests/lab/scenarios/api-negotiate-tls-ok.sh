# story: Nothing: a Kerberos login inside TLS.
# how: as api-negotiate-ok, with TLS.
setup() {
	certificates
	kdc $AUTH_SERVER
	apache_negotiates 8531 'SSLEngine on' "SSLCertificateFile $WORK/tls/server.pem" \
		"SSLCertificateKeyFile $WORK/tls/server.key"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=negotiate$'\n''user = ":"'
	api_call
}
