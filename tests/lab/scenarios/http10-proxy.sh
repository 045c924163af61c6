# story: A proxy answers in HTTP/1.0.
# how: Apache as forward proxy with downgrade-1.0.
# expect: http-downgraded severity=warning
setup() {
	wsus
	apache_proxy 'SetEnv downgrade-1.0 1' 'SetEnv force-response-1.0 1'
}
traffic() {
	MORE=$VIA_PROXY
	calls GetConfig GetCookie
	download
}
