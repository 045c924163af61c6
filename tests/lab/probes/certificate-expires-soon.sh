# story: The certificate ends in twenty days; all is well until then.
# how: nginx with a certificate of twenty days.
# probe: --cacert $CA $HTTPS
# expect: certificate-expired severity=warning server=198.51.100.10:8531
# check: soap/GetCookie ok
# exit: 0
setup() { DAYS=20 wsus_with soon "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"; }
