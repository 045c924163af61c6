# story: The server answers 503 now and then, among successes.
# how: nginx refuses some calls as HTTP.sys does; the clients come again.
# expect: server-busy server=198.51.100.10:8530
setup() {
	HTTP_BLOCK='map $http_ms_cv $busy {
		default 0; "~^192025101.*\.2$" 1; "~^192025203.*\.4$" 1; "~^192025005.*\.0$" 1;
	}'
	SITE='error_page 503 /pages/httpsys-503.htm; location ~* \.asmx$ {
		error_page 405 =200 /answer/$answer.answer;
		error_page 503 /pages/httpsys-503.htm;
		if ($busy) { return 503; }
		if ($request_method = POST) { return 405; }
	}'
	wsus
}
traffic() {
	CLIENT=192.0.2.51
	calls GetConfig GetAuthorizationCookie GetCookie
	calls GetConfig GetAuthorizationCookie GetCookie
	CLIENT=192.0.2.52
	calls GetCookie SyncUpdates
	calls GetCookie SyncUpdates
	CLIENT=192.0.2.50
	calls GetConfig
	calls GetConfig GetCookie SyncUpdates
}
