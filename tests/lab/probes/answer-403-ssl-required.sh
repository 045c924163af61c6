# story: The update point wants TLS, and its page says so.
# how: nginx with the page of IIS for 403.4.
# probe: $HTTP
# expect: ssl-required server=198.51.100.10:8530
scene iis-403-ssl-text
