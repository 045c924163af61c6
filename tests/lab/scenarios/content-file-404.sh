# story: A file that the server announced is not on its disk.
# how: the file is removed after the set-up.
# expect: content-missing server=198.51.100.10:8530
setup() {
	wsus
	rm "$WORK/www$CONTENT"
}
traffic() {
	scan
	download
}
