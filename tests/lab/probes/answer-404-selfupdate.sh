# story: The self-update tree is refused, which old agents need; missing altogether, nobody minds.
# how: nginx with the pages of IIS.
# probe: $HTTP
# expect: selfupdate-missing severity=warning server=198.51.100.10:8530
# probe: http://$WSUS_NAME:80
# sound: name port http soap content
setup() {
	SITE='location /SelfUpdate/ { if ($server_port = 80) { return 404; } return 403; }'
	wsus 8530 80
}
