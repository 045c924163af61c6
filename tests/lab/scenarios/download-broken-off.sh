# story: Nothing: the client breaks a download off, and fetches the file later.
# how: nginx sends slowly; curl gives up after half a second, and comes again without haste.
# twin: response-cut
setup() {
	SITE='location /Content/ { limit_rate 8k; }'
	wsus
}
traffic() {
	scan
	PATIENCE=0.5 files "$BITS" GET "$CONTENT"
	PATIENCE=20 files "$BITS" GET "$CONTENT"
}
