# story: The service for downstream servers wants a login, and refuses the one that is given.
# how: a helper plays IIS and NTLM behind nginx, and refuses the third leg.
# probe: -u 'CORP\admin:mistaken' $HTTP
# expect: auth-failed server=198.51.100.10:8530
# allow: admin-api-denied
# hides: mistaken
setup() { wsus_with_login ServerSyncWebService ntlm-refuse; }
