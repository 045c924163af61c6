# story: A firewall drops everything to port 8530.
# how: nftables on the router: drop.
# lasts: 8
# probe: $HTTP
# expect: connection-unanswered client=192.0.2.50 server=198.51.100.10:8530
# check: port/8530 failed unanswered
# check: http skipped
# within: 12
scene syn-dropped
