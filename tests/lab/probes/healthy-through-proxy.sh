# story: Nothing: an open proxy passes all, tunnels too.
# how: Squid without conditions.
# probe: -x $PROXY $HTTP
# states: ok
# check: soap/GetCookie ok via proxy.corp.example:
# probe: -x $PROXY --cacert $CA $HTTPS
# states: ok
# check: soap/GetCookie ok via proxy.corp.example:
setup() {
	wsus 8530 '8531 ssl'
	squid_proxy
}
