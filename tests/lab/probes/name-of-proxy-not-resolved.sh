# story: The proxy's name does not exist; the way without it is sound.
# how: dnsmasq does not know proxy09.
# probe: -x http://proxy09.corp.example:3128 $HTTP
# expect: name-not-resolved client=192.0.2.50 server=192.0.2.254:53
# check: soap/GetCookie ok
# check: soap/GetCookie skipped via proxy09.corp.example:
setup() { wsus; }
