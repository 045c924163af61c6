# story: Nothing: the certificate is for every host of the domain.
# how: nginx with a certificate for *.corp.example, TLS 1.2; curl.
# twin: certificate-name-mismatch
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus_with wildcard '/CN=Corp Example' 'subjectAltName=DNS:*.corp.example' "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
