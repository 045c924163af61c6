# story: The application pool is stopped, seen on a trunk.
# how: as app-pool-stopped, with VLAN 20.
# tap: switch t0
# net: trunk
# expect: service-unavailable severity=critical server=198.51.100.10:8530
setup() {
	SITE='error_page 503 /pages/httpsys-503.htm; location ~ ^/[A-Z] { return 503; }'
	wsus
}
traffic() {
	scan
	report
	download
}
