# story: Nothing: the server speaks TLS 1.2 at most and the client, which offers 1.3, follows.
# how: nginx with TLSv1.2; curl.
# twin: tls-version-mismatch
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	calls GetConfig
}
