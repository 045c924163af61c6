# story: A proxy made of nginx cannot connect to the update point.
# how: nginx as forward proxy; nothing listens behind it.
# expect: proxy-bad-gateway answered_by=proxy
setup() { nginx_proxy; }
traffic() {
	MORE=$VIA_PROXY
	scan
}
