# story: Nothing: the server speaks TLS 1.2 alone.
# how: nginx.
# probe: --cacert $CA $HTTPS
# sound: name port tls http soap content
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus '8531 ssl'
}
