# story: A captive portal answers in place of the update point: 302 to its login.
# how: the router turns port 8530 to an nginx of its own.
# expect: content-replaced
setup() {
	inside router nft 'add table ip portal'
	inside router nft 'add chain ip portal in { type nat hook prerouting priority -100; }'
	inside router nft 'add rule ip portal in tcp dport 8530 dnat to 203.0.113.9'
	nginx_in proxy portal <<<'server { listen 8530; return 302 http://portal.corp.example/login; }'
	await proxy 8530
}
traffic() {
	calls GetConfig
	files "$BITS" GET /Content/anonymousCheckFile.txt
}
