# story: Nothing: the capture sees only what the client sends.
# how: a capture filter on the source, as on an asymmetric path.
# filter: src net 192.0.2.0/24
setup() { wsus; }
traffic() {
	scan
	download
}
