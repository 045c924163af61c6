# story: Nothing: metadata over TLS 1.2, whose handshake is readable.
# how: as healthy-scan-tls; curl offers no TLS 1.3.
# twin: certificate-expired certificate-weak
setup() { wsus 8530 '8531 ssl'; }
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='tls-max = 1.2'
	scan
	report
	BASE= MORE=
	download
}
