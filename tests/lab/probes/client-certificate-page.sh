# story: The update point refuses requests for want of a client certificate and says so.
# how: nginx with the page of IIS for 403.7.
# probe: --cacert $CA $HTTPS
# expect: client-certificate-demanded severity=error server=198.51.100.10:8531
scene iis-403-client-certificate
