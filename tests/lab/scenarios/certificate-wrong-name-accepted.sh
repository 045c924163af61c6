# story: The certificate is for other names; this client does not mind, Windows will.
# how: as certificate-wrong-name; curl --insecure.
# expect: certificate-name-mismatch severity=warning server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus_with other '/CN=wsus.old.example' 'subjectAltName=DNS:wsus.old.example,DNS:wsus01' "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=insecure
	scan
}
