# story: Update files are asked for over TLS and refused.
# how: nginx that answers 403 for /Content.
# probe: --cacert $CA --content $HTTPS$CONTENT $HTTPS
# expect: content-over-tls server=198.51.100.10:8531
# allow: forbidden ssl-required content-missing
setup() {
	SITE='location /Content/ { if ($scheme = https) { return 403; } }'
	wsus '8531 ssl'
}
