# story: Nothing: the server sends the authority between too.
# how: as certificate-chain-incomplete, with both certificates.
# probe: --cacert $CA $HTTPS
# sound: name port tls http soap content
setup() {
	intermediate
	CHAIN=issuing ISSUER=issuing wsus_with issued "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}
