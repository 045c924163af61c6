# story: The certificate ended three days ago; TLS 1.3 hides it, but not the client's alert.
# how: as certificate-expired, TLS 1.3.
# expect: certificate-expired severity=error server=198.51.100.10:8531 confidence=probable
# expect-keys: certificate-expired severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.3
	FROM='400 days ago' wsus_with expired "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
