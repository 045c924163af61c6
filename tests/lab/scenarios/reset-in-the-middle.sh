# story: The server resets the connection in the middle of an answer.
# how: a helper closes with SO_LINGER 0.
# expect: connection-reset server=198.51.100.10:8530
setup() { misbehave server 8530 reset; }
traffic() { scan; }
