# story: A portal answers every request with 200 and its login page.
# how: the router turns port 8530 to an nginx of its own.
# expect: content-replaced
setup() {
	inside router nft 'add table ip portal'
	inside router nft 'add chain ip portal in { type nat hook prerouting priority -100; }'
	inside router nft 'add rule ip portal in tcp dport 8530 dnat to 203.0.113.9'
	nginx_in proxy portal <<-'END'
		server {
			listen 8530;
			location / {
				default_type text/html;
				return 200
					'<html><title>Guest access</title><form action=/login>Sign in</form></html>';
			}
		}
	END
	await proxy 8530
}
traffic() {
	calls GetConfig
	files "$BITS" GET /Content/anonymousCheckFile.txt
}
