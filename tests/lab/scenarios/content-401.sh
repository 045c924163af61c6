# story: Anonymous access is off on Content: the scan works, the download does not.
# how: nginx answers 401 with the page of IIS.
# expect: anonymous-refused server=198.51.100.10:8530 confidence=certain
setup() {
	SITE='location /Content/ { return 401; }'
	wsus
}
traffic() {
	scan
	download
}
