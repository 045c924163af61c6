# story: Nothing: a mirror port gives every frame twice.
# how: a bridge mirrors two ports in both directions.
# tap: switch mon1
# net: mirror
setup() { wsus; }
traffic() {
	scan
	download
}
