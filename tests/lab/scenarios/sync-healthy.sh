# story: Nothing: an update point synchronises from its upstream server.
# how: nginx as upstream server; curl on the update point.
# tap: server
# twin: sync-failed upstream-unreachable anonymous-refused
setup() {
	wsus
	upstream_server
}
traffic() {
	synchronises
	scan
}
