# story: The certificate vouches for itself; the client leaves when it has seen it.
# how: as certificate-self-signed; a client that closes after ServerHelloDone.
# expect: certificate-untrusted severity=error server=198.51.100.10:8531 confidence=probable
setup() {
	TLS_VERSIONS=TLSv1.2
	ISSUER=self wsus_with alone "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() { tls_client leave-after-flight; }
