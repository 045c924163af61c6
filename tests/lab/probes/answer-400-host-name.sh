# story: The site is bound to one host name, and this client uses another.
# how: nginx answers 400 Invalid Hostname as HTTP.sys does, but to wsus01.
# probe: http://wsus.corp.example:8530
# expect: bad-host-name client=192.0.2.50 server=198.51.100.10:8530
# check: http failed 400
# probe: $HTTP
# check: soap/GetCookie ok
# exit: 0
setup() {
	HTTP_BLOCK='map "$host $uri" $unknown { volatile; default 1; "~ /pages/" ""; "~^wsus01.corp.example " ""; }'
	SITE='error_page 400 /pages/httpsys-400-host.htm; if ($unknown) { return 400; }'
	wsus
	names_also host-record=wsus.corp.example,$WSUS_IP
}
