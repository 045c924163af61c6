# story: Nothing: two other services of the host are closed or rejected; the scan is fine.
# how: nginx on 8530; nothing on 5985; the router rejects 3389 with icmp.
# twin: connection-refused connection-rejected port-mismatch
setup() {
	wsus
	firewall 'tcp dport 3389 reject with icmpx type admin-prohibited'
}
traffic() {
	local port
	for port in 5985 3389; do
		BASE=http://$WSUS_NAME:$port files 'Microsoft WinRM Client' GET /
	done
	scan
}
