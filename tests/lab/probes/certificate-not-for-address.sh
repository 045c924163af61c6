# story: The update point is asked for by its address, and its certificate is for its name alone.
# how: nginx.
# probe: --cacert $CA https://$WSUS_IP:8531
# expect: certificate-name-mismatch severity=error server=198.51.100.10:8531
# check: tls/handshake failed
# probe: --cacert $CA $HTTPS
# sound: name port tls http soap content
setup() { wsus 8530 '8531 ssl'; }
