# story: Nothing: the proxy script names a proxy for the update point, found by name, by URL, and as a file.
# how: nginx serves wpad.dat; Squid.
# probe: --wpad $HTTP
# check: soap/GetCookie ok via proxy.corp.example:
# sound: name port http soap content
# probe: --pac http://wpad.corp.example/wpad.dat $HTTP
# check: soap/GetCookie ok via proxy.corp.example:
# sound: name port http soap content
# probe: --pac $WORK/direct.pac $HTTP
# check: soap/GetCookie ok
# sound: name port http soap content
setup() {
	wsus
	squid_proxy
	wpad_host 'default_type application/x-ns-proxy-autoconfig;
		return 200 "function FindProxyForURL(u, h) { return \"PROXY proxy.corp.example:3128; DIRECT\"; }";'
	client_asks 'nameserver 192.0.2.254' 'search corp.example'
	echo 'function FindProxyForURL(url, host) { return "DIRECT"; }' >"$WORK/direct.pac"
}
