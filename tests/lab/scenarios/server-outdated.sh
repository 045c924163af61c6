# story: The update point is WSUS 3.0 without a service pack.
# how: nginx tells another protocol version.
# expect: server-outdated severity=warning server=198.51.100.10:8530
setup() {
	answers 's|<Value>3.2</Value>|<Value>3.0</Value>|'
	wsus
}
traffic() { scan; }
