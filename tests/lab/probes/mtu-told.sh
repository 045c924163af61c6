# story: Nothing: a link takes 1400 bytes at most, and routers say so.
# how: two routers with a narrow link between; ICMP "fragmentation needed" gets through.
# net: far
# probe: --content $CONTENT $HTTP
# sound: name port http soap content
setup() {
	wsus
	inside router ip link set up0 mtu 1400
	inside edge ip link set up1 mtu 1400
}
