# story: Nothing: the certificate has no SAN, its common name is the right one.
# how: nginx with such a certificate, TLS 1.2; curl.
# twin: certificate-name-mismatch
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus_with plain "/CN=$WSUS_NAME" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
