# story: Nothing that lasts: one call of many takes more than five seconds.
# how: nginx delays the second of two calls by limit_req.
# twin: slow-answer
setup() {
	HTTP_BLOCK='map $http_ms_cv $late { default ""; "~\.4$" late; }
		limit_req_zone $late zone=late:1m rate=10r/m;'
	SITE='limit_req zone=late burst=5;'
	wsus
}
traffic() {
	PATIENCE=20
	scan
	scan
}
