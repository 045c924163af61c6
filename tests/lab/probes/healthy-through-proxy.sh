# story: Nothing: an open proxy passes all, tunnels too.
# how: Squid without conditions.
# probe: -x $PROXY http://$WSUS_NAME
# sound: name port proxy mtu http soap content
# check: soap/GetCookie ok via proxy.corp.example:
# probe: -x $PROXY --cacert $CA $HTTPS
# sound: name port proxy mtu tls http soap content
# check: soap/GetCookie ok via proxy.corp.example:
setup() {
	wsus 8530 80 '8531 ssl'
	squid_proxy
}
