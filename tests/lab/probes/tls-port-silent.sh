# story: The TLS port takes connections and the ClientHello, and never says a word.
# how: a helper that only reads.
# lasts: 16
# probe: --cacert $CA $HTTPS
# expect: tls-not-served server=198.51.100.10:8531
# check: tls failed
# within: 25
setup() {
	certificates
	wsus
	misbehave server 8531 silent
}
