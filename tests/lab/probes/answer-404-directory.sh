# story: SimpleAuthWebService is missing; the other directories are there.
# how: nginx with the page of IIS for 404.
# probe: $HTTP
# expect: not-found server=198.51.100.10:8530
# check: soap/GetConfig ok
# check: soap/GetAuthorizationCookie failed 404
scene missing-directory-404
