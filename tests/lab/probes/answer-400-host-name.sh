# story: The site is bound to one host name, and this client uses another.
# how: nginx answers 400 Invalid Hostname as HTTP.sys does.
# probe: http://wsus.corp.example:8530
# expect: bad-host-name client=192.0.2.50 server=198.51.100.10:8530
# probe: $HTTP
# check: soap/GetCookie ok
setup() {
	SITE='error_page 400 /pages/httpsys-400-host.htm; if ($host != wsus01.corp.example) { return 400; }'
	wsus
	names_also host-record=wsus.corp.example,$WSUS_IP
}
