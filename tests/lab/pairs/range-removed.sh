# story: A proxy takes Range off requests.
# how: nginx as forward proxy, proxy_set_header Range "".
# expect: header-removed-between
# also: relayed-between
# says: headers that updates need are taken off
setup() {
	wsus
	nginx_proxy 'proxy_set_header Range "";'
}
traffic() {
	MORE=$VIA_PROXY
	download
}
