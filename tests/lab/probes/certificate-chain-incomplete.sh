# story: The server does not send the certificate of the authority between.
# how: nginx with the certificate of an issuing authority alone.
# probe: --cacert $CA $HTTPS
# expect: certificate-untrusted severity=error server=198.51.100.10:8531
# check: tls failed
setup() {
	intermediate
	ISSUER=issuing wsus_with issued "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
