# story: Nothing: update files are asked for over TLS, and come.
# how: nginx with TLS 1.2 for all.
# twin: content-over-tls
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	download
}
