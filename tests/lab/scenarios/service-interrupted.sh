# story: The service stops and starts again: for a while every client is refused.
# how: nginx ends and returns; three clients before, meanwhile and after.
# expect: service-interrupted severity=warning server=198.51.100.10:8530
setup() { wsus; }
traffic() {
	everyone
	stop_port server 8530
	everyone
	wsus_again
	everyone
}
everyone() {
	local client
	for client in 192.0.2.50 192.0.2.51 192.0.2.52; do
		CLIENT=$client calls GetConfig GetCookie
	done
}
