# story: The certificate begins in three days.
# how: nginx with a certificate made in the future.
# probe: --cacert $CA $HTTPS
# expect: certificate-expired severity=error server=198.51.100.10:8531
# check: tls failed
setup() { FROM='3 days' wsus_with future "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"; }
