# story: A router rejects port 8530 with "administratively prohibited".
# how: nftables: reject with icmp.
# expect: connection-rejected client=192.0.2.50 server=198.51.100.10:8530
setup() {
	wsus
	firewall 'tcp dport 8530 reject with icmpx type admin-prohibited'
}
traffic() { scan; }
