# story: Nothing that is certain: a scan is behind the cookie as the capture ends.
# how: the client asks three calls; the capture ends at once.
# twin: request-unanswered scan-incomplete
setup() { wsus; }
traffic() { calls GetConfig GetAuthorizationCookie GetCookie; }
