# story: The server does not send the certificate of the authority between: alert 48.
# how: nginx with the certificate of an issuing authority alone, TLS 1.2; curl, which knows the root only.
# expect: certificate-untrusted severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	intermediate
	ISSUER=issuing wsus_with issued "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
