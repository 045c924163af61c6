# story: Nothing: a whole run leaves no descriptor open and no memory unfreed.
# how: as healthy-https, through a proxy too; the probe runs under valgrind, which is slow.
# alone
# probe: --cacert $CA --register -x $PROXY --connect-timeout 20 -m 250 $HTTPS
# valgrind: none
# allow: slow-answer
# probe: --register --content $CONTENT --connect-timeout 20 -m 250 http://$WSUS_NAME
# valgrind: memcheck
# allow: slow-answer
setup() {
	wsus 8530 80 '8531 ssl'
	squid_proxy
}
