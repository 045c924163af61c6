# story: The certificate is for other names; TLS 1.3 hides it, and the client leaves without a request.
# how: as certificate-wrong-name, TLS 1.3; curl, which looks at the name last.
# expect: tls-aborted severity=error server=198.51.100.10:8531 confidence=probable
# expect-keys: certificate-name-mismatch severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.3
	wsus_with other '/CN=wsus.old.example' 'subjectAltName=DNS:wsus.old.example,DNS:wsus01' "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
