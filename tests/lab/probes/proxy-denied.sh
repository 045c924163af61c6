# story: The proxy forbids the update point.
# how: Squid denies the address.
# probe: -x $PROXY $HTTP
# expect: proxy-denied answered_by=proxy
scene squid-403
