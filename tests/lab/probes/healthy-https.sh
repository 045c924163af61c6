# story: Nothing: the update point answers all that it is asked over TLS, and gives files over HTTP.
# how: nginx with TLS 1.2 and 1.3, and on 8530 what must stay plain.
# alone
# probe: --cacert $CA $HTTPS
# sound: name port mtu tls http soap content
# within: 1
# probe: --cacert $CA --register --content $CONTENT $HTTPS
# sound: name port mtu tls http soap content
# check: soap/SyncUpdates ok
setup() { wsus '8531 ssl'; }
