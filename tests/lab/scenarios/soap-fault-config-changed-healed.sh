# story: Nothing: the server says ConfigChanged, and the client starts over as it should.
# how: nginx answers the first SyncUpdates with a fault.
# twin: soap-fault server-error
setup() {
	HTTP_BLOCK='map $http_ms_cv $stale { default 0; "~^192025001.*\.4$" 1; }'
	SITE='location ~* \.asmx$ {
		error_page 405 =200 /answer/$answer.answer;
		error_page 500 =500 /answer/ConfigChanged.fault;
		if ($stale) { return 500; }
		if ($request_method = POST) { return 405; }
	}'
	wsus
}
traffic() {
	calls SyncUpdates
	scan
}
