# story: The proxy wants a login before it opens a tunnel.
# how: Squid with Basic; TLS behind it.
# probe: -x $PROXY --cacert $CA $HTTPS
# expect: proxy-auth-required answered_by=proxy
# probe: -x $PROXY --cacert $CA -U agent:mistaken $HTTPS
# expect: proxy-auth-failed answered_by=proxy
# hides: mistaken
# probe: -x http://agent:correct@proxy.corp.example:3128 --cacert $CA $HTTPS
# check: soap/GetCookie ok via proxy.corp.example:
# hides: correct
# exit: 0
setup() {
	wsus '8531 ssl'
	printf 'agent:%s\n' "$(openssl passwd -apr1 correct)" >"$WORK/users"
	squid_proxy "auth_param basic program $HELPERS/basic_ncsa_auth $WORK/users" 'auth_param basic realm Corp' \
		'acl known proxy_auth REQUIRED' 'http_access deny !known'
}
