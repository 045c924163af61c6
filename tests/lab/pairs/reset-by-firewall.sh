# story: A firewall resets the client's connection after some kilobytes; the server never sent that.
# how: nftables: reject with tcp reset by counted bytes.
# expect: reset-between
# says: something resets connections to port 8530
setup() {
	wsus
	inside router sysctl -qw net.netfilter.nf_conntrack_acct=1
	firewall 'ct original bytes > 3000 tcp dport 8530 reject with tcp reset'
}
traffic() { scan; }
