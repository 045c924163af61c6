# story: A rule for the whole site sends update files to HTTPS, on a port that nobody listens on.
# how: nginx answers 301 for /Content.
# expect: content-over-tls server=198.51.100.10:8530 severity=warning
setup() {
	SITE='location /Content/ { return 301 https://$host$request_uri; }'
	wsus
}
traffic() {
	scan
	download
}
