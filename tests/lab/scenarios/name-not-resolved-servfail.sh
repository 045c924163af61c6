# story: The name server cannot find out about the update point's name (SERVFAIL).
# how: dns.py answers 2 to all.
# expect: name-not-resolved client=192.0.2.50 server=198.51.100.10:53
setup() {
	wsus
	start server python3 "$LAB/dns.py" 198.51.100.10 2
	client_asks 'nameserver 198.51.100.10'
}
traffic() { scan; }
