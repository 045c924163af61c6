# story: IIS knows no MIME type for .psf: files of that type are 404, others come.
# how: nginx refuses the extension.
# expect: content-missing server=198.51.100.10:8530 severity=error
setup() {
	SITE='location ~ [.]psf$ { return 404; }'
	cp "$WORK/www$CONTENT" "$WORK/www${CONTENT%.cab}.psf"
	wsus
}
traffic() {
	download
	scan
	download "${CONTENT%.cab}.psf"
}
