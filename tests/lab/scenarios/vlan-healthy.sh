# story: Nothing: a scan with 802.1Q tags.
# how: a trunk with VLAN 20 between client and router.
# tap: switch t0
# net: trunk
setup() { wsus; }
traffic() {
	scan
	download
}
