# story: The site is bound to one host name, and this client uses another.
# how: nginx answers 400 Invalid Hostname as HTTP.sys does.
# expect: bad-host-name client=192.0.2.50 server=198.51.100.10:8530
setup() {
	SITE='location ~* \.asmx$ {
		error_page 400 /pages/httpsys-400-host.htm;
		error_page 405 =200 /answer/$answer.answer;
		if ($host != wsus01.corp.example) { return 400; }
		if ($request_method = POST) { return 405; }
	}'
	wsus
	names_also host-record=wsus.corp.example,$WSUS_IP
}
traffic() {
	BASE=http://wsus.corp.example:8530
	scan
	CLIENT=192.0.2.51 BASE=
	scan
}
