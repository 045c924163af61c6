# story: Nothing: TLS 1.2 whose key exchange the server's private key opens; sessions come back.
# how: nginx with AES128-GCM-SHA256 and AES256-SHA256 and one request a connection; its key lies beside.
setup() {
	SITE='keepalive_requests 4; ssl_ciphers AES128-GCM-SHA256:AES256-SHA256; ssl_session_cache shared:lab:1m;'
	TLS_VERSIONS=TLSv1.2
	wsus '8531 ssl'
	SERVER_KEY=$WORK/tls/server.key
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	MORE='ciphers = "AES256-SHA256"'
	report
}
