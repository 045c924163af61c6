# story: A firewall refuses what the update point sends to Microsoft.
# how: nginx as update point; the name leads where nothing listens.
# tap: server
# expect: upstream-unreachable severity=error client=198.51.100.10 server=203.0.113.9:443
setup() {
	wsus
	names_also host-record=sws.update.microsoft.com,$PROXY_IP
}
traffic() {
	scan
	BASE=https://sws.update.microsoft.com synchronises GetAuthorizationCookie
}
