# story: Nothing: two routers lie between.
# how: as path-ends, without rules.
# net: far
# probe: $HTTP
# sound: name port http soap content
setup() { wsus; }
