# story: The server takes requests and never answers.
# how: a helper that only reads.
# lasts: 16
# probe: $HTTP
# expect: request-unanswered server=198.51.100.10:8530
# within: 40
setup() { misbehave server 8530 silent; }
