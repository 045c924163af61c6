# story: Nothing: a scan through a CONNECT tunnel to 8531.
# how: Squid that lets CONNECT through to any port.
# twin: proxy-connect-denied
setup() {
	wsus 8530 '8531 ssl'
	squid_proxy
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY
	scan
}
