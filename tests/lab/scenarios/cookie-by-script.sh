# story: Nothing: a script asks for a cookie as a client would, as monitoring does.
# how: curl with the name of a script.
# twin: suspicious-update-server
setup() { wsus; }
traffic() {
	scan
	CLIENT=192.0.2.51 AGENT=python-requests/2.31.0
	calls GetConfig GetAuthorizationCookie GetCookie
}
