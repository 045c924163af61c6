# story: Nothing: the three legs of an NTLM login at the proxy; without a login it is wanted.
# how: Squid with its fake NTLM helper.
# probe: -x $PROXY -U 'CORP\PC-0450$:secret' $HTTP
# check: soap/GetCookie ok via proxy.corp.example:
# sound: name port http soap content
# hides: secret
# probe: -x $PROXY $HTTP
# expect: proxy-auth-required answered_by=proxy
scene squid-407-ntlm-ok
