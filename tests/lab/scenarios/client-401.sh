# story: Anonymous access is off on ClientWebService: clients are asked for a login that they never give.
# how: nginx answers 401 with the page of IIS.
# expect: anonymous-refused server=198.51.100.10:8530 confidence=certain
setup() {
	SITE='location ~* ^/ClientWebService/ { return 401; }'
	wsus
}
traffic() { scan; }
