# story: Nothing: the client dials the update point that it was told by another of its names.
# how: two names of one address; the management point tells the one, curl scans by the other.
# twin: wrong-server bad-host-name
setup() {
	names_also "host-record=updates.corp.example,$WSUS_IP"
	wsus
	management_point "http://$WSUS_NAME:8530"
}
traffic() {
	asks_where
	BASE=http://updates.corp.example:8530
	scan
}
