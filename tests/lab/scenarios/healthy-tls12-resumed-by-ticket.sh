# story: Nothing: TLS 1.2; the client comes back with the ticket of its first connection.
# how: openssl s_client (curl takes no tickets of TLS 1.2) and nginx.
setup() {
	TLS_VERSIONS=TLSv1.2
	wsus '8531 ssl'
}
traffic() {
	local file=/ClientWebService/wusserverversion.xml again
	typed $file | tls_terminal -sess_out "$WORK/session"
	for again in once twice; do
		typed $file | tls_terminal -sess_in "$WORK/session"
	done
}
