# story: Nothing: update files are sent on to HTTPS, and come from there.
# how: nginx answers 301 on its clear port; curl follows.
# twin: content-replaced
setup() {
	SITE='location /Content/ { if ($scheme = http) { return 301 https://$host:8531$request_uri; } }'
	wsus 8530 '8531 ssl'
}
traffic() {
	MORE=location
	scan
	download
}
