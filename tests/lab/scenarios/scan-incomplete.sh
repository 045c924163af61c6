# story: A scan stops behind the cookie, and no failure is to be seen; another client scans as it should.
# how: the client asks three calls and leaves; the capture goes on for more than five minutes.
# lasts: 308
# expect: scan-incomplete client=192.0.2.50 server=198.51.100.10:8530
setup() { wsus; }
traffic() {
	calls GetConfig GetAuthorizationCookie GetCookie
	sleep 308
	CLIENT=192.0.2.51 scan
}
