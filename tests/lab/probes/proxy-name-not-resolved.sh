# story: The proxy cannot resolve the update point's name, and says so; the client can.
# how: Apache as forward proxy; the probe is told the address.
# probe: -x $PROXY --resolve wsus09.corp.example:8530:$WSUS_IP http://wsus09.corp.example:8530
# expect: proxy-name-not-resolved answered_by=proxy
# check: soap/GetCookie ok
setup() {
	wsus
	apache_proxy
}
