# story: Nothing: a browser opens addresses that show no listing, and finds no icon; another host scans.
# how: nginx with the pages of IIS for 403 and 404.
# twin: forbidden not-found ip-restricted
setup() {
	SITE='location = / { return 403; } location = /ClientWebService/ { return 403; }'
	wsus
}
traffic() {
	local path
	for path in / /favicon.ico /ClientWebService/; do
		CLIENT=192.0.2.51 files 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.0.0 Safari/537.36' GET "$path"
	done
	scan
}
