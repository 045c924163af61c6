# story: Nothing: the update point is asked for by its address.
# how: nginx.
# probe: http://$WSUS_IP:8530
# sound: name port http soap content
setup() { wsus; }
