# story: The certificate is meant for clients only.
# how: nginx with such a certificate.
# probe: --cacert $CA $HTTPS
# expect: certificate-weak server=198.51.100.10:8531
# allow: certificate-untrusted
# check: tls failed
setup() { wsus_with purpose "/CN=$WSUS_NAME" "$NAMES" extendedKeyUsage=clientAuth "$LEAF"; }
