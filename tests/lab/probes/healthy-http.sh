# story: Nothing: the update point answers all that it is asked over plain HTTP.
# how: nginx, whose answers are in xpress.
# alone
# probe: $HTTP
# states: ok
# expect: clear-text-update severity=info
# within: 1
# probe: --register --content $CONTENT $HTTP
# states: ok
# check: soap/SyncUpdates ok
# expect: clear-text-update severity=info
setup() { wsus; }
