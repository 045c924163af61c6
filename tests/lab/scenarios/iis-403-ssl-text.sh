# story: The update point wants TLS, and its page says so.
# how: nginx with the page of IIS for 403.4.
# expect: ssl-required server=198.51.100.10:8530
setup() {
	SITE='location ~* \.asmx$ { error_page 403 /pages/iis-403-4.htm; return 403; }'
	wsus
}
traffic() { scan; }
