# story: The administration service is forbidden to this client.
# how: nginx with the page of IIS for 403.
# probe: $HTTP
# expect: admin-api-denied server=198.51.100.10:8530
# check: soap/GetCookie ok
setup() {
	SITE='location ~* ^/ApiRemoting30/ { return 403; }'
	wsus
}
