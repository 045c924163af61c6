# story: Nothing that matters: a current agent asks for the self-update tree, misses it and scans on.
# how: as selfupdate-404 with a current agent.
# twin: selfupdate-missing
setup() {
	SITE='location /SelfUpdate/ { return 404; }'
	wsus
}
traffic() {
	files "$AGENT" HEAD /SelfUpdate/wuident.cab
	scan
}
