# story: The TLS port takes connections and the ClientHello, and never says a word.
# how: a helper that only reads; curl gives up.
# expect: tls-not-served server=198.51.100.10:8531 confidence=probable
setup() { certificates; misbehave server 8531 silent; }
traffic() {
	BASE=https://$WSUS_NAME:8531
	PATIENCE=5
	scan
}
