# story: The update point refuses requests for want of a client certificate and says so; inside TLS.
# how: nginx with the page of IIS for 403.7, TLS 1.3: only keys can show it.
# expect-keys: client-certificate-demanded severity=error confidence=certain server=198.51.100.10:8531
setup() {
	SITE='location ~* ^/ClientWebService/ { error_page 403 /pages/iis-403-7.htm; return 403; }'
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	scan
}
