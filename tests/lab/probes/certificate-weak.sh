# story: The certificate has a key of 1024 bits and a signature by SHA-1.
# how: nginx at security level 0.
# probe: --cacert $CA $HTTPS
# expect: certificate-weak server=198.51.100.10:8531
# allow: certificate-untrusted
setup() {
	SITE='ssl_ciphers DEFAULT@SECLEVEL=0;'
	KEY=rsa:1024 DIGEST=sha1 wsus_with weak "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
