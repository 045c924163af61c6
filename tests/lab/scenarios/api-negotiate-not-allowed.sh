# story: The server knows the console's account by its ticket, and does not let it in.
# how: as api-negotiate-ok; Apache requires another user.
# expect: admin-api-denied server=198.51.100.10:8530 confidence=certain
setup() {
	kdc $AUTH_SERVER
	AUTH_REQUIRE="user admin@$REALM"
	apache_negotiates 8530
}
traffic() {
	MORE=negotiate$'\n''user = ":"'
	api_call
}
