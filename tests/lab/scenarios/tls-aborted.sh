# story: The handshake dies halfway: the server closes after the key exchange of the client.
# how: a helper relays to nginx and cuts.
# expect: tls-aborted server=198.51.100.10:8531 confidence=certain
setup() {
	wsus '9443 ssl'
	misbehave server 8531 relay-cut 127.0.0.1:9443
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	MORE='tls-max = 1.2'
	scan
}
