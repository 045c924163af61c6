# story: Nothing: the pool of another application on the same site is stopped (503); the update point serves.
# how: nginx with the headers and the page of HTTP.sys for one directory.
# twin: server-busy service-unavailable
setup() {
	SITE='location /Reports { error_page 503 /pages/httpsys-503.htm; return 503; }'
	wsus
}
traffic() {
	local again
	for again in 1 2; do
		CLIENT=192.0.2.51 files 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.0.0 Safari/537.36' \
			GET /Reports/Home.aspx
		scan
	done
}
