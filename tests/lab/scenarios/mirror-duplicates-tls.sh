# story: Nothing: a mirror port gives every frame of TLS twice.
# how: a bridge mirrors two ports in both directions; TLS 1.3.
# tap: switch mon1
# net: mirror
setup() { wsus '8531 ssl'; }
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
}
