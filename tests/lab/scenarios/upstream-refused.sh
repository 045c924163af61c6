# story: The update point synchronises from a server on which nothing listens.
# how: nginx as update point, which serves a client; no upstream server.
# tap: server
# expect: upstream-unreachable severity=error client=198.51.100.10 server=203.0.113.9:8530
setup() {
	wsus
	names_also host-record=wsus00.corp.example,$PROXY_IP
}
traffic() {
	scan
	synchronises GetAuthorizationCookie
}
