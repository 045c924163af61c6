# story: Two machines were cloned with their SusClientId.
# how: curl as two clients with one id.
# expect: duplicate-client-id severity=warning client=None server=198.51.100.10:8530
setup() { wsus; }
traffic() {
	EDIT='s/2c7e90b4f5[0-9]*/2c7e90b4f511/'
	scan
	CLIENT=192.0.2.51 scan
	scan
}
