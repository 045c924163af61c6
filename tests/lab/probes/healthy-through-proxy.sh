# story: Nothing: an open proxy passes all, tunnels too.
# how: Squid without conditions.
# probe: -x $PROXY $HTTP
# sound: name port proxy mtu http soap content
# check: soap/GetCookie ok via proxy.corp.example:
# probe: -x $PROXY --cacert $CA $HTTPS
# sound: name port proxy mtu tls http soap content
# check: soap/GetCookie ok via proxy.corp.example:
setup() {
	REQUIRE_SSL=
	wsus 8530 '8531 ssl'
	squid_proxy
}
