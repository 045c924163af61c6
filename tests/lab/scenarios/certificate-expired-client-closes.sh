# story: The certificate ended three days ago; the client closes when it has seen it.
# how: as certificate-expired; a client that closes after ServerHelloDone.
# expect: certificate-expired severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	FROM='400 days ago' wsus_with expired "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() { tls_client leave-after-flight; }
