# story: The handshake dies halfway: the server closes after the key exchange of the client.
# how: a helper relays to nginx, TLS 1.2, and cuts.
# probe: --cacert $CA $HTTPS
# expect: tls-aborted server=198.51.100.10:8531
# check: tls failed
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus '9443 ssl'
	misbehave server 8531 relay-cut 127.0.0.1:9443
}
