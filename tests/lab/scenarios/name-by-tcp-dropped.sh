# story: The answer for the update point's name is too long for UDP, and a firewall knows DNS as UDP only.
# how: as name-by-tcp; nftables drops TCP 53.
# expect: name-unanswered client=192.0.2.50
setup() {
	many_addresses
	wsus
	printf 'table inet names { chain input { type filter hook input priority 0; tcp dport 53 drop; }; }\n' |
		inside router nft -f -
}
traffic() {
	BASE=http://wsus05.corp.example:8530
	scan
	sleep 4
}
