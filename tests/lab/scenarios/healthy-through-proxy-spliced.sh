# story: Nothing: the proxy looks at the hello in the tunnel and lets it pass untouched.
# how: Squid with ssl_bump peek and splice.
# twin: tls-intercepted
setup() {
	wsus '8531 ssl'
	inspecting_proxy 'Squid Inspection CA' 'ssl_bump peek inspect_hello' 'ssl_bump splice all'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY$'\n''tls-max = 1.2'
	scan
}
