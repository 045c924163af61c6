# story: A limit in front of the update point refuses the scan with 429 Too Many Requests.
# how: nginx answers 429 on ClientWebService, as a limit of a load balancer does.
# expect: http-error server=198.51.100.10:8530
setup() {
	SITE='location ~* ^/ClientWebService/ { return 429; }'
	wsus
}
traffic() { scan; }
