# story: Nothing: all hosts of Microsoft Update answer.
# how: nginx plays them, with a certificate for them all.
# probe: --upstream --cacert $CA $HTTP
# check: upstream ok
setup() {
	wsus
	microsoft_update
}
