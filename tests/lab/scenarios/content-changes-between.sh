# story: A file changes between two ranges: servers with different copies behind one name.
# how: its date is set between them, so that ETag and Last-Modified differ.
# expect: content-corrupt server=198.51.100.10:8530 confidence=certain
setup() { wsus; }
traffic() {
	scan
	part "0-$((CONTENT_SIZE / 2 - 1))"
	touch -d '2026-01-01 00:00:00' "$WORK/www$CONTENT"
	part "$((CONTENT_SIZE / 2))-$((CONTENT_SIZE - 1))"
}
