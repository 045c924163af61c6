# story: The web services fail with 500 while static files are served: the database is down.
# how: nginx with the page of IIS for 500.
# expect: server-error server=198.51.100.10:8530
setup() {
	SITE='location ~* \.asmx$ { return 500; }'
	wsus
}
traffic() {
	files "$OLD_AGENT" HEAD /SelfUpdate/wuident.cab
	scan
}
