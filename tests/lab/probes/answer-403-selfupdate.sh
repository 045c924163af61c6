# story: The self-update tree is refused, which old agents need.
# how: nginx with the page of IIS for 403.
# probe: $HTTP
# expect: selfupdate-missing severity=warning server=198.51.100.10:8530
# exit: 0
setup() {
	SITE='location /SelfUpdate/ { return 403; }'
	wsus
}
