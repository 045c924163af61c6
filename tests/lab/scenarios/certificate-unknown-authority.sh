# story: The certificate comes from an authority that the client does not know: alert 48.
# how: nginx with a certificate of another root, which it sends too, TLS 1.2; curl.
# expect: certificate-untrusted severity=error server=198.51.100.10:8531 confidence=probable
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus_of_a_stranger
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
