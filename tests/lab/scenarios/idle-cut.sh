# story: A stateful device forgets connections after 3 idle seconds and resets them.
# how: nftables: a set with a timeout stands for its table; the client pauses 6 seconds.
# expect: idle-cut server=198.51.100.10:8530
setup() {
	wsus
	firewall 'tcp dport != 8530 accept' 'tcp flags syn update @live { tcp sport } accept' \
		'tcp sport @live update @live { tcp sport } accept' 'reject with tcp reset'
}
traffic() {
	CURL_GLOBAL='--rate 10/m'
	calls GetConfig GetCookie
}
