# story: A client behind a proxy reads another certificate for the same name than one that is not.
# how: Squid with ssl_bump and an authority without a telling name, TLS 1.2.
# expect: tls-intercepted severity=warning confidence=possible
setup() {
	wsus '8531 ssl'
	inspecting_proxy 'Gateway Authority' 'ssl_bump peek inspect_hello' 'ssl_bump bump all'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	CLIENT=192.0.2.51
	MORE="tls-max = 1.2"
	scan
	CLIENT=192.0.2.50
	MORE=$VIA_PROXY$'\n''tls-max = 1.2'$'\n'"cacert = \"$WORK/trusted.pem\""
	scan_apart
}
