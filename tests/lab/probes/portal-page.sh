# story: A portal answers every request with 200 and its login page.
# how: the router turns port 8530 to an nginx of its own.
# probe: $HTTP
# expect: content-replaced
scene portal-page
