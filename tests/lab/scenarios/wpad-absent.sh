# story: Nothing: the client looks for a proxy by the name wpad, and none is meant.
# how: dnsmasq does not know wpad; the scan goes straight to the update point.
setup() {
	wsus
	client_asks 'nameserver 192.0.2.254' 'search corp.example'
}
traffic() {
	inside client getent ahosts wpad
	scan
}
