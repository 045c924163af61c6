# story: The proxy opens the tunnel with a certificate of its own making; the client trusts it.
# how: Squid with ssl_bump, TLS 1.2; curl knows Squid's authority.
# expect: tls-intercepted severity=warning confidence=certain
setup() {
	wsus '8531 ssl'
	inspecting_proxy 'Squid Inspection CA' 'ssl_bump peek inspect_hello' 'ssl_bump bump all'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY$'\n''tls-max = 1.2'$'\n'"cacert = \"$WORK/trusted.pem\""
	scan_apart
}
