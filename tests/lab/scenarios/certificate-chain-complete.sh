# story: Nothing: the server sends the authority between too.
# how: as certificate-chain-incomplete, with both certificates.
# twin: certificate-untrusted
setup() {
	TLS_VERSIONS=TLSv1.2
	intermediate
	CHAIN=issuing ISSUER=issuing wsus_with issued "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
