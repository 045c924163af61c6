# story: Nothing: the name has addresses of both families, and both serve.
# how: nginx.
# net: ipv6
# probe: $HTTP
# sound: name port http soap content
# probe: -6 $HTTP
# sound: name port http soap content
setup() { wsus; }
