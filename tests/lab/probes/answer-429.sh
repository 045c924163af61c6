# story: A limit in front of the update point refuses the calls with 429 Too Many Requests.
# how: nginx answers 429 on ClientWebService.
# probe: $HTTP
# expect: http-error server=198.51.100.10:8530
scene http-error-429
