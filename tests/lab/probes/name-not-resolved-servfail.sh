# story: The name server cannot find out about the update point's name (SERVFAIL).
# how: dns.py answers 2 to all.
# probe: $HTTP
# expect: name-not-resolved client=192.0.2.50 server=198.51.100.10:53
# check: name failed
scene name-not-resolved-servfail
