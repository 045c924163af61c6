# story: Nothing: the client's address and port are translated.
# how: nftables on the router: masquerade to random ports.
# expect: none
# also: translated-between
setup() {
	wsus
	printf 'table ip nat { chain out { type nat hook postrouting priority 100; oifname "srv0" masquerade random; }; }\n' |
		inside router nft -f -
}
traffic() {
	scan
	download
}
