# story: Nothing that stops: the server speaks TLS 1.0 and 1.1 beside 1.2.
# how: nginx at security level 0.
# probe: --cacert $CA $HTTPS
# check: soap/GetCookie ok
setup() {
	TLS_VERSIONS='TLSv1 TLSv1.1 TLSv1.2'
	SITE='ssl_ciphers DEFAULT@SECLEVEL=0;'
	wsus '8531 ssl'
}
