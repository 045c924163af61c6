# story: The proxy waits for the update point until its patience ends.
# how: Squid with a short read_timeout; a silent server.
# probe: -x $PROXY $HTTP
# expect: proxy-gateway-timeout answered_by=proxy
# expect: request-unanswered client=192.0.2.50 server=198.51.100.10:8530
scene squid-504
