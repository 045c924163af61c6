# story: Nothing that lasts: an announced file is not there yet, and comes when it is asked for again.
# how: the file is put away and brought back between two downloads.
# twin: content-missing
setup() {
	wsus
	mv "$WORK/www$CONTENT" "$WORK/later"
}
traffic() {
	scan
	download
	mv "$WORK/later" "$WORK/www$CONTENT"
	download
}
