# story: Nothing: Explorer asks whether the update point is a WebDAV server, and is told 405; the agent scans.
# how: nginx with the page of IIS for 405.
# twin: verb-blocked
setup() {
	SITE='error_page 405 /pages/iis-405.htm; if ($request_method ~ "OPTIONS|PROPFIND") { return 405; }'
	wsus
}
traffic() {
	MORE='request = "OPTIONS"' files 'Microsoft-WebDAV-MiniRedir/10.0.19045' GET /
	MORE='request = "PROPFIND"' files 'Microsoft-WebDAV-MiniRedir/10.0.19045' GET /
	MORE=
	scan
}
