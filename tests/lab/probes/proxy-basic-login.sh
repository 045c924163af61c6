# story: The proxy wants a Basic login, which no update agent has: none is given, a wrong one, the right one.
# how: Squid with Basic.
# probe: -x $PROXY $HTTP
# expect: proxy-auth-required answered_by=proxy confidence=certain
# check: proxy failed via proxy.corp.example: Basic
# probe: -x $PROXY -U agent:mistaken $HTTP
# expect: proxy-auth-failed answered_by=proxy
# hides: mistaken
# probe: -x $PROXY -U agent:correct $HTTP
# check: soap/GetCookie ok via proxy.corp.example:
# check: proxy/logins warning via proxy.corp.example: Basic
# hides: correct
# exit: 0
scene squid-407-basic-ok
