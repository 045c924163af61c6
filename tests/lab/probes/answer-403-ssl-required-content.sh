# story: Require SSL is set on Content as well: files are refused over HTTP.
# how: nginx refuses the directory on its clear port.
# probe: --cacert $CA $HTTPS
# expect: ssl-required server=198.51.100.10:8530
# check: soap/GetCookie ok
# check: content failed
scene content-403-ssl-required
