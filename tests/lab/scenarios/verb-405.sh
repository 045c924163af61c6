# story: POST is not allowed on the web services: their handler is missing.
# how: nginx with the page of IIS for 405.
# expect: verb-blocked server=198.51.100.10:8530
setup() {
	SITE='location ~* \.asmx$ { error_page 405 /pages/iis-405.htm; return 405; }'
	wsus
}
traffic() { scan; }
