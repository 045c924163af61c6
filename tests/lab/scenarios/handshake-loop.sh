# story: The client starts over each time that it is told ConfigChanged, and never scans.
# how: nginx answers every SyncUpdates with the fault.
# expect: handshake-loop severity=error client=192.0.2.50 server=198.51.100.10:8530
setup() { wsus_faulting '\.4$' ConfigChanged; }
traffic() {
	local round
	for round in 1 2 3 4; do
		calls GetConfig GetAuthorizationCookie GetCookie SyncUpdates
	done
}
