# story: The policy names port 8530, but this update point listens on 80.
# how: nginx on 80; one client uses 8530, another 80.
# expect: port-mismatch server=198.51.100.10:8530
setup() { wsus 80; }
traffic() {
	scan
	CLIENT=192.0.2.51 BASE=http://$WSUS_NAME
	scan
}
