# story: Nothing: files are asked for without their extension, which every update point forbids, and then with it.
# how: nginx answers 403 for such names.
# twin: ssl-required forbidden
setup() {
	SITE='location ~ "^/Content/../[0-9A-F]{40}$" { return 403; }'
	wsus 8530 '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	BASE=
	download "${CONTENT%.cab}"
	download
}
