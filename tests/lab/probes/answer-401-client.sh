# story: Anonymous access is off on ClientWebService.
# how: nginx answers 401 with the page of IIS.
# probe: $HTTP
# expect: anonymous-refused server=198.51.100.10:8530
# check: soap/GetConfig failed 401
setup() {
	SITE='location ~* ^/ClientWebService/ { return 401; }'
	wsus
}
