# story: Nothing: the first name server is silent, the second knows the name.
# how: nftables on the router drops UDP 53 to the first of two.
# twin: name-unanswered
setup() {
	wsus
	client_asks 'nameserver 198.51.100.10' 'nameserver 192.0.2.254' 'options timeout:1 attempts:1'
	firewall 'udp dport 53 drop'
}
traffic() {
	scan
	sleep 6
}
