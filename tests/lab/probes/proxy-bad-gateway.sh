# story: The proxy reaches the update point, which closes without an answer.
# how: Squid before an nginx that closes; the probe's own way leads to another one.
# probe: -x $PROXY $HTTP
# expect: proxy-bad-gateway answered_by=proxy
# check: soap/GetCookie ok
setup() {
	HTTP_BLOCK="map \$remote_addr \$hangs_up { default 0; $PROXY_IP 1; }"
	SITE='if ($hangs_up) { return 444; }'
	wsus
	squid_proxy
}
