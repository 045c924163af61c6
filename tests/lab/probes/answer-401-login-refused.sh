# story: The administration service refuses the account; without a login nothing is wrong there.
# how: a helper plays IIS and NTLM behind nginx, and refuses the third leg.
# probe: -u 'CORP\admin:mistaken' $HTTP
# expect: admin-api-denied server=198.51.100.10:8530
# hides: mistaken
# probe: $HTTP
# sound: name port http soap content
setup() { wsus_with_login ApiRemoting30 ntlm-refuse; }
