# story: The client's clock is an hour and a half ahead.
# how: curl states another time.
# expect: clock-skew severity=warning client=192.0.2.50 server=198.51.100.10:8530
setup() { wsus; }
traffic() {
	EDIT="s/<currentTime>[^<]*/<currentTime>$(date -u -d '+90 minutes' +%Y-%m-%dT%H:%M:%SZ)/"
	scan
}
