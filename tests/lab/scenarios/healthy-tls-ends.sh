# story: Nothing: connections that end with and without close_notify, on TLS 1.2 and 1.3, after their answers.
# how: clients of our own.
# twin: tls-aborted tls-not-served
setup() { wsus '8531 ssl'; }
traffic() {
	local version
	for version in 1.2 1.3; do
		tls_client post $version
		tls_client leave-abruptly $version
	done
}
