# story: The update point asks for a client certificate and goes on without one.
# how: nginx with ssl_verify_client optional.
# probe: --cacert $CA $HTTPS
# expect: client-certificate-demanded severity=warning server=198.51.100.10:8531
# check: soap/GetCookie ok
setup() {
	SITE='ssl_verify_client optional; ssl_client_certificate '$WORK/tls/ca.pem';'
	wsus '8531 ssl'
}
