# story: A proxy removes Range from requests: every range brings the whole file.
# how: nginx as forward proxy, proxy_set_header Range "".
# expect: range-stripped
# expect: proxy-in-path severity=warning
setup() {
	wsus
	nginx_proxy 'proxy_set_header Range "";'
}
traffic() {
	MORE=$VIA_PROXY
	download
}
