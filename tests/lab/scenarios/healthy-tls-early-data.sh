# story: Nothing: TLS 1.3; the client comes back with its ticket and a request in its first flight.
# how: nginx with ssl_early_data; openssl s_client.
setup() {
	SITE='ssl_early_data on;'
	wsus '8531 ssl'
}
traffic() {
	local file=/ClientWebService/wusserverversion.xml
	typed $file | tls_terminal -tls1_3 -sess_out "$WORK/session"
	typed $file >"$WORK/early"
	{
		sleep 0.6
		typed $file
	} | tls_terminal -tls1_3 -sess_in "$WORK/session" -early_data "$WORK/early"
}
