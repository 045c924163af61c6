# story: A proxy answers in HTTP/1.0.
# how: Apache as forward proxy with downgrade-1.0.
# probe: -x $PROXY $HTTP
# expect: http-downgraded severity=warning
scene http10-proxy
