# story: The server speaks TLS 1.3 alone, which not every Windows does.
# how: nginx.
# probe: --cacert $CA $HTTPS
# check: soap/GetCookie ok
# allow: tls-version-mismatch
setup() {
	TLS_VERSIONS=TLSv1.3
	wsus '8531 ssl'
}
