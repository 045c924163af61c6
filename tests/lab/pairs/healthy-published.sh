# story: Nothing: the server is published under another address and port.
# how: nftables on the router: destination NAT.
# expect: none
# also: translated-between
setup() {
	wsus
	printf 'table ip nat { chain in { type nat hook prerouting priority -100; ip daddr 203.0.113.80 tcp dport 80 dnat to 198.51.100.10:8530; }; }\n' |
		inside router nft -f -
}
traffic() {
	BASE=http://203.0.113.80:80
	scan
	download
}
