# story: The certificate ended three days ago.
# how: nginx; then the probe goes on behind it.
# probe: --cacert $CA $HTTPS
# expect: certificate-expired severity=error server=198.51.100.10:8531
# check: tls failed
# check: soap/GetConfig skipped
# probe: --cacert $CA -k $HTTPS
# expect: certificate-expired server=198.51.100.10:8531
# check: soap/GetCookie ok
setup() { FROM='400 days ago' wsus_with expired "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"; }
