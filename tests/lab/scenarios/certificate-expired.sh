# story: The certificate ended three days ago; the client says so with alert 45.
# how: nginx with a certificate made in the past, TLS 1.2; curl.
# expect: certificate-expired severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	FROM='400 days ago' wsus_with expired "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
