# story: Nothing listens on the proxy's port.
# how: the router knows the proxy's address; no Squid runs.
# probe: -x $PROXY $HTTP
# expect: connection-refused client=192.0.2.50 server=203.0.113.9:3128
# check: soap/GetCookie ok
setup() { wsus; }
