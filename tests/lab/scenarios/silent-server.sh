# story: The server takes the request and never answers.
# how: a helper reads and says nothing; the client waits 3 seconds.
# expect: request-unanswered server=198.51.100.10:8530
setup() { misbehave server 8530 silent; }
traffic() {
	PATIENCE=3
	scan
}
