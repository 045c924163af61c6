# story: Nothing: the certificate is for every host of the domain.
# how: nginx with a certificate for *.corp.example.
# probe: --cacert $CA $HTTPS
# sound: name port tls http soap content
setup() { wsus_with wildcard '/CN=Corp Example' 'subjectAltName=DNS:*.corp.example' "$SERVING" "$LEAF"; }
