# story: Update files are asked for over TLS 1.2 and refused; only keys can show it.
# how: nginx that answers 403 for /Content.
# expect-keys: content-over-tls server=198.51.100.10:8531 confidence=probable
# allow: forbidden ssl-required content-missing
setup() {
	TLS_VERSIONS=TLSv1.2
	SITE='location /Content/ { return 403; }'
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	download
}
