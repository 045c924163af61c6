# story: The certificate ended three days ago; this client does not mind, others will.
# how: as certificate-expired; curl --insecure.
# expect: certificate-expired severity=warning server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	FROM='400 days ago' wsus_with expired "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=insecure
	scan
}
