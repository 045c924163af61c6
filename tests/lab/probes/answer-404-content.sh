# story: A file of Content is not on the server's disk; another is.
# how: the file is removed after the set-up.
# probe: --content $CONTENT $HTTP
# expect: content-missing server=198.51.100.10:8530
# check: content failed 404
# probe: $HTTP
# sound: name port http soap content
scene content-file-404
