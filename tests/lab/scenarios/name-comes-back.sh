# story: Nothing: the update point's name is gone for some seconds, while the name server starts anew.
# how: dnsmasq stops between two scans; the second tries until it is back.
# twin: name-not-resolved
setup() {
	wsus
	client_asks 'nameserver 192.0.2.254' 'options timeout:1 attempts:2'
}
traffic() {
	scan
	sleep 6
	names_forget 'record=wsus01'
	scan
	sleep 1
	names_also
	scan
}
