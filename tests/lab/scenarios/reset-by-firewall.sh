# story: A firewall resets the connection when the client has sent some kilobytes.
# how: nftables: reject with tcp reset by counted bytes; its TTL differs.
# expect: connection-reset server=198.51.100.10:8530
setup() {
	wsus
	inside router sysctl -qw net.netfilter.nf_conntrack_acct=1
	firewall 'ct original bytes > 3000 tcp dport 8530 reject with tcp reset'
}
traffic() { scan; }
