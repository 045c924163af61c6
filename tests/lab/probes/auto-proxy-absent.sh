# story: Nothing: the probe looks for a proxy by the name wpad, and none is meant.
# how: dnsmasq does not know wpad.
# probe: --wpad $HTTP
# check: soap/GetCookie ok
# exit: 0
setup() {
	wsus
	names_also local=/wpad/
	client_asks 'nameserver 192.0.2.254' 'search corp.example'
}
