# story: A client was told one update point, and dials another that is no more.
# how: as told-wrong-server, but nothing listens on wsus09's port.
# expect: wrong-server client=192.0.2.50 server=198.51.100.11:8531
# expect: connection-refused client=192.0.2.50 server=198.51.100.11:8531
setup() {
	second_update_point
	wsus
	management_point "http://$WSUS_NAME:8530"
}
traffic() {
	asks_where
	BASE=http://wsus09.corp.example:8531
	scan
}
