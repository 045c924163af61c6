# story: Nothing: every packet twice, before and after a router.
# how: recorded on all interfaces of the router.
# tap: router any
setup() { wsus; }
traffic() {
	scan
	download
}
