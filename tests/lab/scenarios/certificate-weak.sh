# story: The certificate has a key of 1024 bits and a signature by SHA-1.
# how: nginx at security level 0, TLS 1.2; curl --insecure.
# expect: certificate-weak severity=warning server=198.51.100.10:8531 confidence=certain
setup() {
	TLS_VERSIONS=TLSv1.2
	SITE='ssl_ciphers DEFAULT@SECLEVEL=0;'
	KEY=rsa:1024 DIGEST=sha1 wsus_with weak "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='insecure'$'\n''ciphers = "DEFAULT@SECLEVEL=0"'
	scan
}
