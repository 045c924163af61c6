# story: The file on the server's disk is shorter than it was announced: its download broke off.
# how: a thousand bytes are cut off after the set-up.
# expect: content-corrupt server=198.51.100.10:8530 confidence=certain
setup() {
	truncate -s -1000 "$WORK/www$CONTENT"
	wsus
}
traffic() {
	scan
	download
}
