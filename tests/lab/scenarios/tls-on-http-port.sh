# story: The policy says https:// for the clear port 8530.
# how: nginx without TLS answers the ClientHello like HTTP.sys: 400 Invalid Verb.
# expect: scheme-mismatch server=198.51.100.10:8530 confidence=certain
setup() {
	SITE='error_page 400 /pages/httpsys-400-verb.htm;'
	certificates
	wsus
}
traffic() {
	BASE=https://$WSUS_NAME:8530
	scan
}
