# story: The server speaks TLS 1.0 alone.
# how: nginx at security level 0.
# probe: --cacert $CA $HTTPS
# expect: tls-version-mismatch server=198.51.100.10:8531
# check: tls failed
setup() {
	TLS_VERSIONS=TLSv1
	SITE='ssl_ciphers DEFAULT@SECLEVEL=0;'
	wsus '8531 ssl'
}
