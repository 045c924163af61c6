# story: The management point tells a client its update point, and the client never tries to connect there.
# how: a management point on 80; two clients ask it, one scans; the other only asks for the management points later.
# lasts: 156
# expect: connection-missing client=192.0.2.50 confidence=possible
setup() {
	wsus
	management_point "http://$WSUS_NAME:8530"
}
traffic() {
	asks_where
	CLIENT=192.0.2.51
	asks_where
	scan
	sleep 156
	CLIENT=192.0.2.50 BASE=http://$WSUS_NAME
	files 'SMS CCM 5.0' GET '/SMS_MP/.sms_aut?MPLIST'
}
