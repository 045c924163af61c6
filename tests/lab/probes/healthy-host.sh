# story: Nothing: of the ports of a host alone two serve, the others are closed and nobody minds.
# how: nginx on 8530 and 8531, nothing on 80 and 443.
# probe: --cacert $CA $WSUS_NAME
# sound: name port http soap content
# check: port/8531 ok
# check: port/8530 ok
# check: port/443 skipped
# check: port/80 skipped
setup() { wsus 8530 '8531 ssl'; }
