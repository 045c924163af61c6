# story: Nothing: TLS 1.3; the client renews its keys between requests, and asks the server to.
# how: openssl s_client with its commands k and K.
setup() { wsus '8531 ssl'; }
traffic() {
	local update
	{
		sleep 0.5
		for update in k K k Q; do
			typed /ClientWebService/wusserverversion.xml
			echo $update
			sleep 0.5
		done
	} | tls_terminal -tls1_3
}
