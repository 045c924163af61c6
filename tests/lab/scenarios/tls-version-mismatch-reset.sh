# story: The server resets a hello of TLS 1.0 at most, as Windows does; another client gets in.
# how: a helper resets hellos below TLS 1.2 and relays others to nginx; curl, old and new.
# expect: tls-version-mismatch server=198.51.100.10:8531 client=192.0.2.50 confidence=probable
setup() {
	wsus '9443 ssl'
	misbehave server 8531 relay-versions 127.0.0.1:9443
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	CLIENT=192.0.2.51
	MORE='tls-max = 1.2'
	scan
	CLIENT=192.0.2.50
	MORE='tlsv1.0'$'\n''tls-max = 1.0'$'\n''ciphers = "DEFAULT@SECLEVEL=0"'
	scan
	scan
}
