# story: A proxy removes Range from requests: every range brings the whole file.
# how: nginx as forward proxy.
# probe: -x $PROXY --content $CONTENT $HTTP
# expect: range-stripped
# check: content failed via proxy.corp.example:
# allow: proxy-in-path
scene range-stripped
