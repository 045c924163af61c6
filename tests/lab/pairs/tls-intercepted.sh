# story: The proxy opens TLS with a certificate of its own making.
# how: Squid with ssl_bump, TLS 1.2; curl knows Squid's authority.
# expect: intercepted-between
# also: relayed-between
# says: TLS is opened on the way
setup() {
	wsus '8531 ssl'
	inspecting_proxy 'Squid Inspection CA' 'ssl_bump peek inspect_hello' 'ssl_bump bump all'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY$'\n''tls-max = 1.2'$'\n'"cacert = \"$WORK/trusted.pem\""
	scan_apart
}
