# story: An expected client asks its management point for an update point; no reply comes, and nothing follows.
# how: a management point that takes the request, as it does with messages that are answered later.
# expect: client-silent client=192.0.2.50
# analyze: --client 192.0.2.50 --client 192.0.2.51
setup() {
	wsus
	management_point later
}
traffic() {
	asks_where
	CLIENT=192.0.2.51
	scan
}
