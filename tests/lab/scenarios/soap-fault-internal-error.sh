# story: WSUS answers SyncUpdates with InternalServerError: its database fails.
# how: nginx answers these calls with the fault.
# expect: soap-fault severity=error client=None server=198.51.100.10:8530
setup() { wsus_faulting '^192025[01]01.*\.4$' InternalServerError; }
traffic() {
	scan
	CLIENT=192.0.2.51
	operation=0
	scan
}
