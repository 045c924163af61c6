# story: WSUS answers GetCookie with InternalServerError: its database fails.
# how: nginx answers these calls with the fault.
# probe: $HTTP
# expect: soap-fault severity=error server=198.51.100.10:8530
# check: soap/GetCookie failed InternalServerError
setup() { wsus_failing GetCookie 500; }
