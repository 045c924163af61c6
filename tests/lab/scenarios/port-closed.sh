# story: Nothing listens on port 8530.
# how: the server runs no WSUS.
# expect: connection-refused client=192.0.2.50 server=198.51.100.10:8530
setup() { :; }
traffic() { scan; }
