# story: The host wpad is there, and has no proxy script.
# how: nginx answers 404.
# probe: --pac http://wpad.corp.example/wpad.dat $HTTP
# expect: auto-proxy-failed server=203.0.113.9:80
scene auto-proxy-404
