# story: Nothing: the server resets connections that the client has closed, all answers being complete.
# how: a helper answers, and resets when the client's FIN is there.
# twin: connection-reset
setup() { misbehave server 8530 reset-after 2; }
traffic() { calls GetConfig GetCookie; calls GetConfig GetCookie; }
