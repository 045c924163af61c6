# story: The certificate is meant for clients only; the client refuses it.
# how: nginx with such a certificate, TLS 1.2; curl.
# expect: certificate-weak server=198.51.100.10:8531 confidence=certain
# allow: certificate-untrusted
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus_with purpose "/CN=$WSUS_NAME" "$NAMES" extendedKeyUsage=clientAuth "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
