# story: The update point's name does not exist, or has no address; its neighbour's does.
# how: dnsmasq knows wsus01 alone, and of wsus08 only a text.
# probe: http://wsus09.corp.example:8530
# expect: name-not-resolved client=192.0.2.50 server=192.0.2.254:53
# check: name failed
# exit: 1
# probe: http://wsus08.corp.example:8530
# expect: name-not-resolved client=192.0.2.50 server=192.0.2.254:53
# check: name failed
# probe: $HTTP
# check: name ok
setup() {
	wsus
	names_also 'txt-record=wsus08.corp.example,moved'
}
