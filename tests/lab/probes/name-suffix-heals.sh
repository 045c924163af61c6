# story: Nothing: with the first search suffix the name does not exist, with the second it does.
# how: dnsmasq knows nobody in branch.example.
# probe: http://wsus01:8530
# check: name ok
scene name-suffix-heals
