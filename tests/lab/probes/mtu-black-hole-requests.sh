# story: Packets above 1400 bytes vanish on the way to the server.
# how: nftables drops by length.
# lasts: 15
# probe: $HTTP
# expect: mtu-black-hole server=198.51.100.10:8530
# check: mtu failed
# allow: request-unanswered
setup() {
	wsus
	firewall 'meta length > 1400 tcp dport 8530 drop'
}
