# story: The policy says http:// for the TLS port 8531.
# how: nginx with TLS; closes on clear text, as HTTP.sys does.
# expect: scheme-mismatch server=198.51.100.10:8531 confidence=probable
setup() {
	SITE='error_page 497 @drop; location @drop { return 444; }'
	wsus '8531 ssl'
}
traffic() {
	BASE=http://$WSUS_NAME:8531
	scan
}
