# story: A file arrives whole, at its announced size, and is another one.
# how: one byte of it is changed on the server's disk.
# expect: content-corrupt server=198.51.100.10:8530 confidence=certain
setup() {
	printf X | dd of="$WORK/www$CONTENT" bs=1 seek=1000 conv=notrunc status=none
	wsus
}
traffic() {
	scan
	download
}
