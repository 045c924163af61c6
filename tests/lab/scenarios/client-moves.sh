# story: Nothing: a client gets another address and keeps its id and name.
# how: curl from two addresses as one client.
# twin: duplicate-client-id
setup() { wsus; }
traffic() {
	EDIT='s/2c7e90b4f5[0-9]*/2c7e90b4f511/;s/pc-04[0-9]*/pc-0450/'
	scan
	CLIENT=192.0.2.51 scan
}
