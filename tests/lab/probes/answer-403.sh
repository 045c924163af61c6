# story: IIS forbids ClientWebService and does not say why.
# how: nginx with the page of IIS for 403.
# probe: $HTTP
# expect: forbidden server=198.51.100.10:8530
# check: soap/GetConfig failed 403
scene iis-403
