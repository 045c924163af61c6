# story: Nothing: TLS 1.3 with each of its suites; the server's group needs a second hello.
# how: nginx that wants P-384; curl offers one suite at a time.
setup() {
	TLS_VERSIONS=TLSv1.3
	SITE='ssl_ecdh_curve secp384r1;'
	HTTP_BLOCK='ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:'
	HTTP_BLOCK+='TLS_AES_256_GCM_SHA384:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256;'
	wsus '8531 ssl'
}
traffic() {
	local suite
	BASE=https://$WSUS_NAME:8531
	for suite in TLS_AES_128_GCM_SHA256 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_256_GCM_SHA384 \
		TLS_AES_128_CCM_SHA256 TLS_AES_128_CCM_8_SHA256; do
		MORE="tls13-ciphers = \"$suite\""
		calls GetConfig GetAuthorizationCookie
	done
}
