# story: The web services answer after more than five seconds.
# how: a helper relays to nginx and holds each answer back.
# lasts: 20
# probe: --quick $HTTP
# expect: slow-answer severity=warning server=198.51.100.10:8530
# exit: 0
setup() {
	wsus 9530
	misbehave server 8530 relay-late 127.0.0.1:9530 5.5
}
