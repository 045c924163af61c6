# story: Nothing: the policy names the update point by its address, and so does the certificate; no SNI.
# how: nginx with an address in the SAN, TLS 1.2; curl.
# twin: certificate-name-mismatch
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus_with address "/CN=$WSUS_NAME" "subjectAltName=IP:$WSUS_IP" "$SERVING" "$LEAF"
}
traffic() {
	BASE=https://$WSUS_IP:8531
	scan
}
