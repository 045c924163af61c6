# story: IIS forbids ClientWebService and does not say why.
# how: nginx with the page of IIS for 403.
# expect: forbidden server=198.51.100.10:8530
setup() {
	SITE='location ~* ^/ClientWebService/ { return 403; }'
	wsus
}
traffic() { scan; }
