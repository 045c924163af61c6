# story: The server resets a hello without its cipher suite, as Windows may; another client gets in.
# how: a helper resets hellos without ECDHE-RSA-AES256-GCM-SHA384 and relays others to nginx.
# expect: tls-no-common-cipher|tls-aborted server=198.51.100.10:8531 client=192.0.2.50
setup() {
	TLS_VERSIONS=TLSv1.2
	SITE='ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384;'
	wsus '9443 ssl'
	misbehave server 8531 relay-suite 127.0.0.1:9443 c030
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	CLIENT=192.0.2.51
	MORE='tls-max = 1.2'
	scan
	CLIENT=192.0.2.50
	MORE='tls-max = 1.2'$'\n''ciphers = "ECDHE-RSA-AES128-SHA:AES128-SHA"'
	scan
	scan
}
