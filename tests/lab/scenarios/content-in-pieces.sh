# story: Nothing: two clients fetch one file in ranges, in any order, begin anew, and once more after it was renewed.
# how: ranges of curl, each over a connection of its own; the file's date is set when it is whole.
# twin: range-stripped content-corrupt
setup() { wsus; }
traffic() {
	local third=$((CONTENT_SIZE / 3))
	scan
	part "$third-$((2 * third - 1))"
	CLIENT=192.0.2.51
	download
	CLIENT=
	part "0-$((third - 1))"
	part "0-$((third - 1))"
	part "$third-$((2 * third - 1))"
	part "$((2 * third))-$((CONTENT_SIZE - 1))"
	touch -d '2026-01-01 00:00:00' "$WORK/www$CONTENT"
	download
}
