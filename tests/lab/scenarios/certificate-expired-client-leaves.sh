# story: The certificate ended three days ago; the client ends the handshake and leaves without a word.
# how: as certificate-expired; a client that judges after the handshake, as WinHTTP does.
# expect: certificate-expired severity=error server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	FROM='400 days ago' wsus_with expired "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() { tls_client leave-after-handshake; }
