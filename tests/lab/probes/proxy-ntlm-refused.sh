# story: The proxy challenges the NTLM login and refuses the account.
# how: Squid with a helper that says no to every account.
# probe: -x $PROXY -U 'CORP\PC-0450$:secret' $HTTP
# expect: proxy-auth-failed answered_by=proxy
# hides: secret
scene squid-407-ntlm-refused
