# story: A router rejects port 8530 with "administratively prohibited", and is named.
# how: nftables: reject with icmp.
# probe: $HTTP
# expect: connection-rejected client=192.0.2.50 server=198.51.100.10:8530
# check: port/8530 failed 192.0.2.254
scene icmp-prohibited
