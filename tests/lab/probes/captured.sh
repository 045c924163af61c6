# story: The update point does not know ClientWebService; the probe's own packets show it.
# how: nginx with the page of IIS for 404; --capture.
# probe: --capture $WORK/probe.pcapng $HTTP
# expect: not-found server=198.51.100.10:8530
# check: soap/GetConfig failed 404
# frames
# probe: --capture $WORK/shut.pcapng $HTTPS
# expect: connection-refused server=198.51.100.10:8531
# frames
setup() {
	SITE='location ~* ^/ClientWebService/ { return 404; }'
	wsus
}
afterwards() {
	"$WSUSCOPE" analyze -q -o json "$WORK/probe.pcapng" >"$WORK/analyzed"
	grep -q '"not-found"' "$WORK/analyzed" || { echo "its capture does not show it"; return 1; }
}
