# story: The self-update tree is missing, and this old agent needs it.
# how: curl as an agent of Windows 7.
# expect: selfupdate-missing severity=warning server=198.51.100.10:8530
setup() {
	SITE='location /SelfUpdate/ { return 404; }'
	wsus
}
traffic() { files "$OLD_AGENT" HEAD /SelfUpdate/wuident.cab; }
