# story: No software update point: the management point's reply holds no location.
# how: a management point on 80 whose WSUSLocationReply has no LocationRecord; another client scans.
# expect: no-update-point client=192.0.2.50 server=198.51.100.10:80 count=2
setup() {
	wsus
	management_point none
}
traffic() {
	asks_where
	asks_where
	CLIENT=192.0.2.51
	scan
}
