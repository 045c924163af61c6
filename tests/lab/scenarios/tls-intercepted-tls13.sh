# story: The proxy opens the tunnel with a certificate of its own making; TLS 1.3 hides it from all but keys.
# how: as tls-intercepted, TLS 1.3.
# expect-keys: tls-intercepted severity=warning confidence=certain
setup() {
	wsus '8531 ssl'
	inspecting_proxy 'Squid Inspection CA' 'ssl_bump peek inspect_hello' 'ssl_bump bump all'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE=$VIA_PROXY$'\n''tls-max = 1.3'$'\n'"cacert = \"$WORK/trusted.pem\""
	scan_apart
}
