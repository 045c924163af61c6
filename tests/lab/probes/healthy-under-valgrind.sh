# story: Nothing: a whole run leaves no descriptor open and no memory unfreed.
# how: as healthy-https; the probe runs under valgrind, which is slow.
# alone
# probe: --cacert $CA --register -m 50 $HTTPS
# valgrind
# allow: slow-answer
setup() { wsus '8531 ssl'; }
