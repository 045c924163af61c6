# story: Nothing: the service starts anew between the clients' scans, and nobody notices.
# how: nginx ends and returns between calls.
# twin: service-interrupted service-unavailable
setup() { wsus; }
traffic() {
	everyone
	stop_port server 8530
	sleep 1
	wsus_again
	everyone
}
everyone() {
	local client
	for client in 192.0.2.50 192.0.2.51 192.0.2.52; do
		CLIENT=$client calls GetConfig GetCookie
	done
}
