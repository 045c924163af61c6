# story: The certificate is for other names.
# how: nginx with a certificate for wsus.old.example and wsus01.
# probe: --cacert $CA $HTTPS
# expect: certificate-name-mismatch severity=error server=198.51.100.10:8531
# check: tls failed
setup() {
	wsus_with other '/CN=wsus.old.example' 'subjectAltName=DNS:wsus.old.example,DNS:wsus01' "$SERVING" "$LEAF"
}
