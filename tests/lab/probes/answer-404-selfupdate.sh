# story: The self-update tree is missing, which old agents need.
# how: nginx with the page of IIS for 404.
# probe: $HTTP
# expect: selfupdate-missing severity=warning server=198.51.100.10:8530
# check: http/SelfUpdate/wuident.cab warning 404
# exit: 0
scene selfupdate-404
