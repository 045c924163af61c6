# story: The server closes after every other hello, and serves the rest: its certificate is bound.
# how: a helper closes or relays to nginx, by turns; three clients, two tries each.
# expect: tls-aborted server=198.51.100.10:8531 confidence=certain
setup() {
	wsus '9443 ssl'
	misbehave server 8531 relay-every-other 127.0.0.1:9443
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='tls-max = 1.2'
	for CLIENT in 192.0.2.50 192.0.2.51 192.0.2.52; do
		calls GetConfig
		calls GetConfig
	done
}
