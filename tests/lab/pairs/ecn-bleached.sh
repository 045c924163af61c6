# story: Nothing that hurts: a router clears the ECN bits of what passes.
# how: both ends use ECN; nftables on the router.
# expect: none
# also: rewritten-between
setup() {
	inside client sysctl -qw net.ipv4.tcp_ecn=1
	inside server sysctl -qw net.ipv4.tcp_ecn=1
	wsus
	firewall 'ip ecn set not-ect'
}
traffic() {
	scan
	download
}
