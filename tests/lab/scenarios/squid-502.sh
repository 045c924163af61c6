# story: The proxy reaches the update point, which closes without an answer.
# how: Squid before an nginx that closes: ERR_ZERO_SIZE_OBJECT.
# expect: proxy-bad-gateway answered_by=proxy
setup() {
	SITE='location / { return 444; } location ~* asmx$ { return 444; }'
	wsus
	squid_proxy
}
traffic() {
	MORE=$VIA_PROXY
	scan
}
