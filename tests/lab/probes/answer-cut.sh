# story: The server closes in the middle of an answer.
# how: a helper sends less than its Content-Length.
# probe: $HTTP
# expect: response-cut server=198.51.100.10:8530
scene response-cut
