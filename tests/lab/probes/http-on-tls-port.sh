# story: The probe is told http:// for the TLS port 8531.
# how: nginx with TLS; closes on clear text, as HTTP.sys does.
# probe: http://$WSUS_NAME:8531
# expect: scheme-mismatch server=198.51.100.10:8531
scene http-on-tls-port
