# story: Nothing: the console shows a Kerberos ticket to the administration service.
# how: Apache with mod_auth_gssapi, MIT's KDC; curl.
# twin: admin-api-denied
setup() {
	kdc $AUTH_SERVER
	apache_negotiates 8530
}
traffic() {
	MORE=negotiate$'\n''user = ":"'
	api_call
}
