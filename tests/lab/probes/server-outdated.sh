# story: The update point is WSUS 3.0 without a service pack.
# how: nginx tells another protocol version.
# probe: $HTTP
# expect: server-outdated severity=warning server=198.51.100.10:8530
# exit: 0
scene server-outdated
