# story: Nothing: the update point answers all that it is asked over TLS, and gives files over HTTP.
# how: nginx with TLS 1.2 and 1.3.
# alone
# probe: --cacert $CA $HTTPS
# sound: name port tls http soap content
# within: 1
# probe: --cacert $CA --register --content $CONTENT $HTTPS
# sound: name port tls http soap content
setup() { wsus 8530 '8531 ssl'; }
