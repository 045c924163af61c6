# story: Nothing: all clients that are expected scan.
# how: as client-silent, but both scan.
# analyze: --client 192.0.2.50 --client 192.0.2.51 --sup http://wsus01.corp.example:8530
# twin: client-silent
setup() { wsus; }
traffic() {
	scan
	CLIENT=192.0.2.51
	scan
}
