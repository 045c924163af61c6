# story: The proxy allows tunnels to port 443 alone, and the update point has 8531.
# how: Squid's usual rule: deny CONNECT !SSL_ports.
# expect: proxy-connect-denied answered_by=proxy
setup() {
	wsus '8531 ssl'
	squid_proxy 'http_access deny CONNECT !SSL_ports'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY
	scan
}
