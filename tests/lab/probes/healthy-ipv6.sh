# story: Nothing: the name has addresses of both families, and both serve.
# how: nginx.
# net: ipv6
# probe: $HTTP
# states: ok
# probe: -6 $HTTP
# states: ok
setup() { wsus; }
