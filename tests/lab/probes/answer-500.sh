# story: The web services fail with 500 while static files are served: the database is down.
# how: nginx with the page of IIS for 500.
# probe: $HTTP
# expect: server-error server=198.51.100.10:8530
# check: soap/GetConfig failed 500
scene iis-500
