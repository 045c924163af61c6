# story: Nothing: a client takes its time, as its policy has to be refreshed first.
# how: as told-never-tries, but the client scans in the end.
# lasts: 156
# twin: connection-missing
setup() {
	wsus
	management_point "http://$WSUS_NAME:8530"
}
traffic() {
	asks_where
	sleep 156
	BASE=http://$WSUS_NAME
	files 'SMS CCM 5.0' GET '/SMS_MP/.sms_aut?MPLIST'
	BASE=
	scan
}
