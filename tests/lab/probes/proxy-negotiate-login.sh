# story: Nothing: a Kerberos ticket opens the proxy.
# how: Squid with negotiate_kerberos_auth, MIT's KDC.
# probe: -x $PROXY -U : $HTTP
# check: soap/GetCookie ok via proxy.corp.example:
# sound: name port http soap content
# probe: -x $PROXY $HTTP
# expect: proxy-auth-required answered_by=proxy
scene squid-negotiate-ok
