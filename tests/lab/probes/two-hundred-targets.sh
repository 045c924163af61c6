# story: Of two hundred targets half are dead: it takes as long as one of the dead, and little memory.
# how: nginx on a hundred addresses; the router drops what is for the other hundred.
# alone
# probe: http://198.51.100.120:8530
# expect: connection-unanswered
# probe: $(many_targets 200)
# expect: connection-unanswered server=198.51.100.219:8530
# within: +2
# memory: 100
setup() {
	local last
	for last in {20..119}; do
		inside server ip address add "198.51.100.$last/24" dev eth0
	done
	wsus
	firewall 'ip daddr 198.51.100.120-198.51.100.219 drop'
}
