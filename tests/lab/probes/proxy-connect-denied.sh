# story: The proxy allows tunnels to port 443 alone; plain HTTP it passes.
# how: Squid's usual rule: deny CONNECT !SSL_ports.
# probe: -x $PROXY --cacert $CA $HTTPS
# expect: proxy-connect-denied answered_by=proxy
# check: proxy failed via proxy.corp.example: 403
# check: soap/GetCookie ok
# probe: -x $PROXY $HTTP
# check: soap/GetCookie ok via proxy.corp.example:
# exit: 0
setup() {
	REQUIRE_SSL=
	wsus 8530 '8531 ssl'
	squid_proxy 'http_access deny CONNECT !SSL_ports'
}
