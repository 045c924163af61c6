# story: The proxy cannot connect to the update point, which serves those that come without it.
# how: Squid; the router resets what the proxy sends to 8530: ERR_CONNECT_FAIL 111.
# probe: -x $PROXY $HTTP
# expect: proxy-gateway-timeout answered_by=proxy
# check: soap/GetCookie ok
setup() {
	wsus
	squid_proxy
	firewall "ip saddr $PROXY_IP tcp dport 8530 reject with tcp reset"
}
