# story: The TLS port takes connections and closes after the ClientHello: no certificate is bound.
# how: a helper closes.
# probe: --cacert $CA $HTTPS
# expect: tls-not-served server=198.51.100.10:8531
# check: tls failed
setup() {
	certificates
	wsus
	misbehave server 8531 hang-up
}
