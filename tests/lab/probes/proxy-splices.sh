# story: Nothing: the proxy looks at the hello in the tunnel and lets it pass untouched.
# how: Squid with ssl_bump peek and splice.
# probe: -x $PROXY --cacert $CA $HTTPS
# sound: name port proxy tls http soap content
setup() {
	wsus 8530 '8531 ssl'
	inspecting_proxy 'Squid Inspection CA' 'ssl_bump peek inspect_hello' 'ssl_bump splice all'
}
