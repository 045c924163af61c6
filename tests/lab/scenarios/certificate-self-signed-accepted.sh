# story: Nothing: the certificate vouches for itself, and the client trusts it.
# how: as certificate-self-signed; curl --insecure.
# twin: certificate-untrusted
setup() {
	TLS_VERSIONS=TLSv1.2
	ISSUER=self wsus_with alone "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=insecure
	scan
}
