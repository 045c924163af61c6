# story: The TLS port takes connections and closes after the ClientHello: no certificate is bound.
# how: a helper closes.
# expect: tls-not-served server=198.51.100.10:8531 confidence=certain
setup() { certificates; misbehave server 8531 hang-up; }
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
