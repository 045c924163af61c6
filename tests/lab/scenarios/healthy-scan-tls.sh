# story: Nothing: metadata over TLS 1.3 on 8531, files over HTTP on 8530.
# how: nginx with a certificate for the name; curl knows its root.
# twin: scheme-mismatch clear-text-update
setup() { wsus 8530 '8531 ssl'; }
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	report
	BASE=
	download
}
