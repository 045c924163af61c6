# story: The certificate is meant for clients only; this client does not mind.
# how: as certificate-not-for-servers; curl --insecure.
# expect: certificate-weak severity=warning server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus_with purpose "/CN=$WSUS_NAME" "$NAMES" extendedKeyUsage=clientAuth "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=insecure
	scan
}
