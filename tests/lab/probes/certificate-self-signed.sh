# story: The certificate vouches for itself.
# how: nginx with a self-signed certificate; then the probe trusts it.
# probe: --cacert $CA $HTTPS
# expect: certificate-untrusted severity=error server=198.51.100.10:8531
# check: tls failed
# probe: --cacert $WORK/tls/alone.pem $HTTPS
# check: soap/GetCookie ok
setup() { ISSUER=self wsus_with alone "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"; }
