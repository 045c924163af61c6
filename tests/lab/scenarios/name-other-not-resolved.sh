# story: Nothing: a name that is no update point's does not resolve, beside a scan that works.
# how: dnsmasq does not know files09.corp.example.
setup() { wsus; }
traffic() {
	BASE=http://files09.corp.example scan
	scan
}
