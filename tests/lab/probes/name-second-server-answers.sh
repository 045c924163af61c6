# story: Nothing that stops: the first name server is silent, the second knows the name.
# how: nftables on the router drops UDP 53 to the first of two.
# probe: $HTTP
# check: name warning
# check: soap/GetCookie ok
scene name-second-server-answers
