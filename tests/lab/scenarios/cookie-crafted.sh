# story: A script sends the server a cookie of ten times the usual length (CVE-2025-59287).
# how: curl posts GetCookie with zeros for a cookie, after a client's scan.
# expect: suspicious-update-server client=192.0.2.51 server=198.51.100.10:8530 confidence=probable
setup() { wsus; }
traffic() {
	local cookie
	scan
	cookie=$(head -c 5000 /dev/zero | base64 -w 0)
	request_body() { fill "$LAB/soap/$1.request.xml" "s|<CookieData>[^<]*|<CookieData>$cookie|"; }
	CLIENT=192.0.2.51 AGENT=python-requests/2.31.0
	calls GetCookie
}
