# story: The upstream server lets nobody authorize itself: DssAuthWebService wants a login.
# how: nginx as upstream server, which answers 401 there.
# tap: server
# expect: anonymous-refused client=198.51.100.10 server=203.0.113.9:8530
setup() {
	wsus
	SITE='location /DssAuthWebService/ { add_header WWW-Authenticate Negotiate always; return 401; }' upstream_server
}
traffic() { synchronises GetAuthorizationCookie; }
