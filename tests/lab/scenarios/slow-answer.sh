# story: The update point answers most calls after more than 5 seconds.
# how: nginx delays by limit_req; three clients at once.
# expect: slow-answer severity=warning server=198.51.100.10:8530
setup() {
	HTTP_BLOCK='limit_req_zone $remote_addr zone=slow:1m rate=11r/m;'
	SITE='limit_req zone=slow burst=20;'
	wsus
}
traffic() {
	local client
	for client in 192.0.2.50 192.0.2.51 192.0.2.52; do
		CLIENT=$client PATIENCE=20 calls GetConfig GetAuthorizationCookie GetCookie &
		others+=($!)
	done
	wait "${others[@]}"
}
