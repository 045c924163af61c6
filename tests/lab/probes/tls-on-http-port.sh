# story: The probe is told https:// for the clear port 8530.
# how: nginx without TLS answers the ClientHello like HTTP.sys: 400 Invalid Verb.
# probe: --cacert $CA https://$WSUS_NAME:8530
# expect: scheme-mismatch server=198.51.100.10:8530
# allow: port-mismatch
scene tls-on-http-port
