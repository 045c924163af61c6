# story: The certificate begins in three days; the client leaves with alert 42.
# how: nginx with a certificate made in the future, TLS 1.2; curl.
# expect: certificate-expired severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	FROM='3 days' wsus_with future "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
