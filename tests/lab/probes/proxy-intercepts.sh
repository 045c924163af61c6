# story: The proxy opens the tunnel with a certificate of its own making.
# how: Squid with ssl_bump; its authority is not trusted, then it is.
# probe: -x $PROXY --cacert $CA $HTTPS
# expect: tls-intercepted severity=error
# allow: proxy-in-path certificate-untrusted
# probe: -x $PROXY --cacert $WORK/trusted.pem $HTTPS
# expect: tls-intercepted severity=warning
# check: tls warning via proxy.corp.example:
scene tls-intercepted
