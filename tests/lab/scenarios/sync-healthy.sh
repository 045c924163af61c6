# story: Nothing: an update point synchronises from its upstream server.
# how: nginx as upstream server; curl on the update point.
# tap: server
setup() {
	wsus
	upstream_server
}
traffic() {
	synchronises
	scan
}
