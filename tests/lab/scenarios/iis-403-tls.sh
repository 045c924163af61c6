# story: IIS forbids ClientWebService and does not say why; inside TLS.
# how: nginx with the page of IIS for 403, TLS 1.3: only keys can show it.
# expect-keys: forbidden server=198.51.100.10:8531
setup() {
	SITE='location ~* ^/ClientWebService/ { return 403; }'
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
