# story: The server's clock is twenty minutes ahead: KRB_AP_ERR_SKEW.
# how: as api-negotiate-ok; Apache runs under faketime.
# expect: admin-api-denied server=198.51.100.10:8530 confidence=certain
# allow: clock-skew
setup() {
	kdc $AUTH_SERVER
	CLOCK=+20m apache_negotiates 8530
}
traffic() {
	MORE=negotiate$'\n''user = ":"'
	api_call
}
