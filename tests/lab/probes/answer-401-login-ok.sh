# story: Nothing: the administration service takes the login.
# how: a helper plays IIS and NTLM behind nginx.
# probe: -u 'CORP\admin:secret' $HTTP
# sound: name port http soap content
# hides: secret
setup() { wsus_with_login ApiRemoting30 ntlm; }
