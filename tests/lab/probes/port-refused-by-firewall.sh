# story: A firewall resets connections to port 8530.
# how: nftables on the router: reject with tcp reset.
# probe: $HTTP
# expect: connection-refused client=192.0.2.50 server=198.51.100.10:8530
# check: port/8530 failed refused
setup() {
	wsus
	firewall 'tcp dport 8530 reject with tcp reset'
}
