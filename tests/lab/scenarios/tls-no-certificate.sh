# story: The server has no certificate at all: it finds no suite that it could serve.
# how: openssl s_server -nocert; alert 40.
# expect: tls-not-served|tls-no-common-cipher server=198.51.100.10:8531
setup() { certificates; tls_server 8531 -nocert; }
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
