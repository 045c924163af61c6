# story: Nothing listens on port 8530.
# how: the server runs no WSUS.
# probe: $HTTP
# expect: connection-refused client=192.0.2.50 server=198.51.100.10:8530
# check: port/8530 failed refused
# within: 3
# probe: $WSUS_NAME
# expect: connection-refused client=192.0.2.50
# check: port/8531 failed refused
# check: port/80 failed refused
scene port-closed
