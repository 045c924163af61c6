# story: Nothing: the update point answers all that it is asked over plain HTTP.
# how: nginx, whose answers are in xpress.
# alone
# probe: $HTTP
# sound: name port mtu http soap content
# within: 1
# probe: --register --content $CONTENT $HTTP
# sound: name port mtu http soap content
# check: soap/SyncUpdates ok
# expect: clear-text-update severity=info
setup() { wsus; }
