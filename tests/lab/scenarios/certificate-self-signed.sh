# story: The certificate vouches for itself; the client leaves with alert 48.
# how: nginx with a self-signed certificate, TLS 1.2; curl.
# expect: certificate-untrusted severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	ISSUER=self wsus_with alone "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
