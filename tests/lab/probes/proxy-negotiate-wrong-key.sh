# story: The proxy cannot open the ticket: it runs by another account than the name's.
# how: the service has the keys of another account.
# probe: -x $PROXY -U : $HTTP
# expect: proxy-auth-failed answered_by=proxy
scene squid-negotiate-wrong-key
