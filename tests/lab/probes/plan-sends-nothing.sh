# story: Nothing: what would be sent is printed, and nothing is.
# how: the router counts what the client sends.
# probe: --plan $HTTP $HTTPS
# says: GetConfig
# exit: 0
setup() {
	wsus 8530 '8531 ssl'
	inside router nft 'add table ip seen; add chain ip seen in { type filter hook prerouting priority -200; }'
	inside router nft 'add counter ip seen client; add rule ip seen in ip saddr 192.0.2.50 counter name client'
}
afterwards() {
	inside router nft list counter ip seen client | grep -q 'packets 0 ' || { echo "it sent packets"; return 1; }
}
