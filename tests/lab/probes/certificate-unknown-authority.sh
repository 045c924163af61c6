# story: The certificate comes from an authority that this machine does not know.
# how: nginx with a certificate of another root, which it sends too.
# probe: --cacert $CA $HTTPS
# expect: certificate-untrusted severity=error server=198.51.100.10:8531
# check: tls failed
setup() { wsus_of_a_stranger; }
