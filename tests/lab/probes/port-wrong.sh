# story: The update point listens on 80, and is looked for on 8530.
# how: nginx on 80.
# probe: $HTTP http://$WSUS_NAME:80
# expect: port-mismatch server=198.51.100.10:8530
# probe: $WSUS_NAME
# check: port/80 ok
# check: port/8530 skipped
# sound: name port http soap content
scene wrong-port
