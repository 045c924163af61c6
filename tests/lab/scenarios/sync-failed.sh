# story: The upstream server fails when the update point asks for the updates' data.
# how: nginx as upstream server, which answers GetUpdateData with a fault.
# tap: server
# expect: sync-failed severity=error client=198.51.100.10 server=203.0.113.9:8530
setup() {
	wsus
	upstream_server GetUpdateData InternalServerError
}
traffic() {
	synchronises
	scan
}
