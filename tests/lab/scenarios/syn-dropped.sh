# story: A firewall drops everything to port 8530.
# how: nftables on the router: drop.
# expect: connection-unanswered client=192.0.2.50 server=198.51.100.10:8530
setup() {
	wsus
	firewall 'tcp dport 8530 drop'
}
traffic() { scan; }
