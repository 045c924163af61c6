# story: Anonymous access is off on Content; the services answer.
# how: nginx answers 401 with the page of IIS.
# probe: $HTTP
# expect: anonymous-refused server=198.51.100.10:8530
# check: soap/GetCookie ok
scene content-401
