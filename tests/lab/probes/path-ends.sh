# story: The second router drops port 8530 and passes 8531.
# how: nftables on a router behind the first.
# net: far
# lasts: 8
# probe: --cacert $CA $HTTP $HTTPS
# expect: connection-unanswered client=192.0.2.50 server=198.51.100.10:8530
# check: path/8530 failed 198.18.0.2
setup() {
	wsus '8531 ssl'
	FIREWALL=edge firewall 'tcp dport 8530 drop'
}
