# story: A client resolves the update point's name, and never tries to connect.
# how: a resolver asks dnsmasq; another client scans, and a minute later reports.
# lasts: 62
# expect: connection-missing client=192.0.2.52
setup() { wsus; }
traffic() {
	CLIENT=192.0.2.51
	scan
	lookup_from 192.0.2.52 "$WSUS_NAME"
	sleep 62
	report
}
