# story: SimpleAuthWebService is missing; the other directories are there.
# how: nginx with the page of IIS for 404.
# expect: not-found server=198.51.100.10:8530
setup() {
	SITE='location ~* ^/SimpleAuthWebService/ { return 404; }'
	wsus
}
traffic() {
	scan
	report
}
