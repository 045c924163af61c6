# story: The client leaves once it has the server's first message; nothing in it says why.
# how: nginx, TLS 1.3; a client of our own.
# expect: tls-aborted server=198.51.100.10:8531 confidence=certain
setup() { wsus '8531 ssl'; }
traffic() { tls_client leave-after-hello 1.3; }
