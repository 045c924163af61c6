# story: The server answers 503 to some requests, among successes: its queue is full.
# how: nginx refuses GetAuthorizationCookie as HTTP.sys does.
# probe: $HTTP
# expect: server-busy server=198.51.100.10:8530
# check: soap/GetAuthorizationCookie failed 503
setup() { wsus_failing GetAuthorizationCookie 503; }
