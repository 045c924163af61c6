# story: The proxy wants a Basic login: none is given, a wrong one, the right one.
# how: Squid with Basic.
# probe: -x $PROXY $HTTP
# expect: proxy-auth-required answered_by=proxy confidence=certain
# check: proxy failed via proxy.corp.example: Basic
# probe: -x $PROXY -U agent:mistaken $HTTP
# expect: proxy-auth-failed answered_by=proxy
# hides: mistaken
# probe: -x $PROXY -U agent:correct $HTTP
# check: soap/GetCookie ok via proxy.corp.example:
# sound: name port http soap content
# hides: correct
scene squid-407-basic-ok
