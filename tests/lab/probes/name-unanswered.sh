# story: The name server does not answer at all; with a second one that does all is well.
# how: nftables on the router drops UDP 53 to the first.
# lasts: 6
# probe: $HTTP
# expect: name-unanswered client=192.0.2.50 server=198.51.100.10:53
# check: name failed
# within: 15
scene name-unanswered
