# story: IIS refuses this client by its address.
# how: nginx with the page of IIS for 403.6.
# probe: $HTTP
# expect: ip-restricted client=192.0.2.50 server=198.51.100.10:8530
scene ip-restricted-403
