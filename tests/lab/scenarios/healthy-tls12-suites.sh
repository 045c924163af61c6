# story: Nothing: TLS 1.2 with suites of each kind: CBC with and without encrypt-then-MAC, GCM, CCM, ChaCha20.
# how: nginx on 8531 without encrypt-then-MAC, openssl s_server on 8443 with; curl offers one suite at a time.
setup() {
	local dh=$WORK/dh.pem
	openssl dhparam -dsaparam -out "$dh" 2048 2>/dev/null
	TLS_VERSIONS=TLSv1.2
	SITE="ssl_ciphers ALL; ssl_dhparam $dh;"
	HTTP_BLOCK="ssl_conf_command Options -EncryptThenMac;"
	wsus '8531 ssl'
	tls_server 8443 -tls1_2 -cipher ALL -cert "$WORK/tls/server.pem" -key "$WORK/tls/server.key"
}
traffic() {
	local suite
	for suite in AES256-SHA ECDHE-RSA-AES128-SHA ECDHE-RSA-AES128-SHA256 ECDHE-RSA-AES256-SHA384 \
		DHE-RSA-AES128-SHA256 DHE-RSA-AES256-GCM-SHA384 ECDHE-RSA-CHACHA20-POLY1305 \
		ECDHE-RSA-AES256-GCM-SHA384 \
		DHE-RSA-AES128-CCM DHE-RSA-AES256-CCM8 ECDHE-RSA-CAMELLIA128-SHA256; do
		MORE="ciphers = \"$suite\""
		BASE=https://$WSUS_NAME:8531
		calls GetConfig
		BASE=https://$WSUS_NAME:8443
		case $suite in
		*SHA | *SHA256 | *AES256-SHA384) files "$AGENT" GET /ClientWebService/wusserverversion.xml ;;
		esac
	done
}
