# story: Of two clients that are expected one never shows.
# how: one of them scans; the other only looks for management points.
# expect: client-silent client=192.0.2.51
# analyze: --client 192.0.2.50 --client 192.0.2.51
setup() {
	wsus
	management_point none
}
traffic() {
	scan
	CLIENT=192.0.2.51 BASE=http://$WSUS_NAME
	files 'SMS CCM 5.0' GET '/SMS_MP/.sms_aut?MPLIST'
}
