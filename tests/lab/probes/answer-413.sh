# story: The server refuses all but the shortest requests.
# how: nginx with client_max_body_size.
# probe: $HTTP
# expect: request-too-large server=198.51.100.10:8530
# check: soap failed 413
setup() {
	SITE='client_max_body_size 100;'
	wsus
}
