# story: The client does not know the certificate's authority; TLS 1.3 hides it, but not alert 48.
# how: as certificate-unknown-authority, TLS 1.3.
# expect: certificate-untrusted severity=error server=198.51.100.10:8531 confidence=probable
setup() {
	TLS_VERSIONS=TLSv1.3
	wsus_of_a_stranger
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
