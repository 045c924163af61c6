# story: A firewall refuses what goes to Microsoft.
# how: the names lead where nothing listens.
# probe: --upstream $HTTP
# expect: upstream-unreachable severity=error client=192.0.2.50
# allow: connection-refused
# check: upstream failed
setup() {
	wsus
	microsoft_update
	stop_port proxy 443
}
