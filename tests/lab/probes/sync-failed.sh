# story: The service for downstream servers fails; clients are served.
# how: nginx answers GetAuthConfig with a fault.
# probe: --upstream --cacert $CA $HTTP
# expect: sync-failed severity=error server=198.51.100.10:8530
# check: soap/GetCookie ok
setup() {
	microsoft_update
	wsus_failing GetAuthConfig 500
}
