# story: The certificate is for other names; the client leaves when it has seen it.
# how: as certificate-wrong-name; a client that closes after ServerHelloDone.
# expect: certificate-name-mismatch severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus_with other '/CN=wsus.old.example' 'subjectAltName=DNS:wsus.old.example,DNS:wsus01' "$SERVING" "$LEAF"
}
traffic() { tls_client leave-after-flight; }
