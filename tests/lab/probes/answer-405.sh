# story: POST is not allowed on the web services: their handler is missing.
# how: nginx with the page of IIS for 405.
# probe: $HTTP
# expect: verb-blocked server=198.51.100.10:8530
# check: soap/GetConfig failed 405
scene verb-405
