# story: Update files are asked for over TLS and refused; the capture itself holds the keys that show it.
# how: as content-over-tls; editcap puts the key log into the capture.
# expect: content-over-tls server=198.51.100.10:8531 confidence=probable
# allow: forbidden ssl-required content-missing
setup() {
	SITE='location /Content/ { return 403; }'
	wsus '8531 ssl'
	SECRETS_INSIDE=yes
}
traffic() {
	BASE=https://$WSUS_NAME:8531
	scan
	download
}
