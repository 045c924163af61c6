# story: Of two expected clients one scans at another update point than the one that is meant.
# how: one scans at wsus01, the other at wsus09.
# expect: connection-missing client=192.0.2.51
# analyze: --client 192.0.2.50 --client 192.0.2.51 --sup http://wsus01.corp.example:8530
setup() {
	second_update_point
	wsus
}
traffic() {
	scan
	CLIENT=192.0.2.51 BASE=http://wsus09.corp.example:8530
	scan
}
