# story: The certificate ends in twenty days; all is well until then.
# how: nginx with a certificate of twenty days, TLS 1.2; curl.
# expect: certificate-expired severity=warning server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	DAYS=20 wsus_with soon "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
