# story: The name server does not answer at all.
# how: nftables on the router drops UDP 53 to the only name server.
# expect: name-unanswered client=192.0.2.50 server=198.51.100.10:53
setup() {
	wsus
	client_asks 'nameserver 198.51.100.10' 'options timeout:2 attempts:3'
	firewall 'udp dport 53 drop'
}
traffic() {
	scan
	sleep 4
}
