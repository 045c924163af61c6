# story: The application pool is stopped: HTTP.sys answers 503 on everything.
# how: nginx with the headers and the page of HTTP.sys.
# probe: $HTTP
# expect: service-unavailable severity=critical server=198.51.100.10:8530
# check: http failed 503
scene app-pool-stopped
