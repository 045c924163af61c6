# story: A client's policy names one update point, its requests go to another.
# how: SyncUpdates tells UpdateServiceUrl=http://wsus01..., and goes to wsus09.
# expect: wrong-server client=192.0.2.50 server=198.51.100.11:8530 confidence=certain
setup() {
	second_update_point
	wsus
}
traffic() {
	BASE=http://wsus09.corp.example:8530 POLICY=http://$WSUS_NAME:8530
	scan
}
