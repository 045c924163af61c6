# story: Nothing: a whole run leaves no descriptor open and no memory unfreed.
# how: as healthy-https, through a proxy too; the probe runs under valgrind.
# probe: --cacert $CA --register -m 50 -x $PROXY $HTTPS
# valgrind
# allow: slow-answer
setup() {
	wsus 8530 '8531 ssl'
	squid_proxy
}
