# story: The certificate is for other names; the client ends the handshake and closes.
# how: nginx with a certificate for wsus.old.example and wsus01, TLS 1.2; curl, which looks at the name last.
# expect: certificate-name-mismatch severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus_with other '/CN=wsus.old.example' 'subjectAltName=DNS:wsus.old.example,DNS:wsus01' "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
