# story: Nothing: two routers lie between.
# how: as path-ends, without rules.
# net: far
# probe: $HTTP
# states: ok skipped
setup() { wsus; }
