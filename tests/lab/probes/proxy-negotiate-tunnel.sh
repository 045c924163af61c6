# story: Nothing: a Kerberos ticket for the proxy opens the tunnel to 8531.
# how: Squid with negotiate_kerberos_auth; CONNECT.
# probe: -x $PROXY -U : --cacert $CA $HTTPS
# check: soap/GetCookie ok via proxy.corp.example:
# sound: name port proxy tls http soap content
scene squid-connect-negotiate-ok
