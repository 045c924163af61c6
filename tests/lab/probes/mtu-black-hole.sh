# story: Packets above 1400 bytes vanish on the way to the client, and no ICMP says so.
# how: nftables drops by length.
# lasts: 15
# probe: --content $CONTENT $HTTP
# expect: mtu-black-hole server=198.51.100.10:8530
# check: mtu failed
# allow: request-unanswered response-cut
scene mtu-black-hole
