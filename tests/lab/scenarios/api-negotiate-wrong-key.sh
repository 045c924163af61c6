# story: The server cannot open the console's ticket: its account has another key, as with a wrong SPN.
# how: as api-negotiate-ok; the service has the keys of another account.
# expect: admin-api-denied server=198.51.100.10:8530 confidence=certain
setup() {
	kdc $AUTH_SERVER=stale
	apache_negotiates 8530
}
traffic() {
	MORE=negotiate$'\n''user = ":"'
	api_call
}
