# story: A captive portal answers in place of the update point: 302 to its login.
# how: the router turns port 8530 to an nginx of its own.
# probe: $HTTP
# expect: content-replaced
scene portal-redirect
