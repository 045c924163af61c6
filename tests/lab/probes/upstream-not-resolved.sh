# story: A server here could not synchronise: the names of Microsoft Update do not resolve.
# how: dnsmasq has no server to ask.
# probe: --upstream $HTTP
# expect: name-not-resolved client=192.0.2.50 server=192.0.2.254:53
# allow: upstream-unreachable
# check: upstream failed
# check: soap/GetCookie ok
setup() { wsus; }
