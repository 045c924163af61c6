# story: IIS refuses this client by its address, and serves another.
# how: nginx with the page of IIS for 403.6.
# expect: ip-restricted client=192.0.2.50 server=198.51.100.10:8530
setup() {
	SITE='location ~* \.asmx$ {
		error_page 403 /pages/iis-403-6.htm;
		error_page 405 =200 /answer/$answer.answer;
		if ($remote_addr = 192.0.2.50) { return 403; }
		if ($request_method = POST) { return 405; }
	}'
	wsus
}
traffic() {
	scan
	CLIENT=192.0.2.51
	scan
}
