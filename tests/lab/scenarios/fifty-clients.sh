# story: Fifty clients, of which fifteen have twelve different troubles, all at once.
# how: everything at its place: nftables, Squid, dnsmasq, nginx, and curl as each client.
# expect: connection-unanswered client=192.0.2.53 server=198.51.100.10:8530
# expect: connection-unanswered client=192.0.2.54 server=198.51.100.10:8530
# expect: connection-rejected client=192.0.2.55 server=198.51.100.10:8530
# expect: name-not-resolved client=192.0.2.56
# expect: proxy-auth-required client=192.0.2.57 answered_by=proxy
# expect: proxy-denied client=192.0.2.58 answered_by=proxy
# expect: proxy-denied client=192.0.2.59 answered_by=proxy
# expect: certificate-name-mismatch client=192.0.2.60 server=198.51.100.10:8531
# expect: scheme-mismatch client=192.0.2.61 server=198.51.100.10:8531
# expect: soap-fault client=192.0.2.62 server=198.51.100.10:8530
# expect: duplicate-client-id client=None server=198.51.100.10:8530
# expect: clock-skew client=192.0.2.65 server=198.51.100.10:8530
# expect: content-missing server=198.51.100.10:8530
# expect: reported-error client=192.0.2.67
setup() {
	local host
	for host in {53..99}; do
		inside client ip address add "192.0.2.$host/24" dev eth0
	done
	names_also "host-record=updates.corp.example,$WSUS_IP"
	faulting '^1920262[0-9]*AAAA.*\.4$' InternalServerError
	SITE+='error_page 497 @drop; location @drop { return 444; }'
	TLS_VERSIONS=TLSv1.2 wsus 8530 '8531 ssl'
	squid_proxy "auth_param ntlm program $HELPERS/ntlm_fake_auth" 'acl known proxy_auth REQUIRED' \
		'acl stranger src 192.0.2.57' 'acl banned src 192.0.2.58 192.0.2.59' \
		'http_access deny banned' 'http_access deny stranger !known'
	firewall 'ip saddr { 192.0.2.53, 192.0.2.54 } tcp dport 8530 drop' \
		'ip saddr 192.0.2.55 tcp dport 8530 reject with icmpx type admin-prohibited'
}

# as HOST COMMAND...: beside all others, the command as that client.
as() {
	local host=$1
	shift
	( CLIENT=192.0.2.$host; "$@" ) &
	others+=("$!")
	[ $((${#others[@]} % 8)) != 0 ] || wait "${others[-8]}"
}
by() { MORE=$VIA_PROXY; "$@"; }
to() { BASE=$1; shift; "$@"; }
saying() { EDIT=$1; shift; "$@"; }
looks_in_vain() { lookup_from "$CLIENT" wsus09.corp.example; }
all_of_it() { scan; report; download; }
file_is_missing() { scan; download "/Content/41/0123456789ABCDEF0123456789ABCDEF01234541.cab"; }
fails_to_install() {
	local update=2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03
	scan
	EDIT="s|<EventID>147|<EventID>182|;s|<Win32HResult>0|<Win32HResult>-2147023293|
		s|<UpdateID>0000[-0]*</UpdateID><RevisionNumber>0|<UpdateID>$update</UpdateID><RevisionNumber>200|"
	report
}

traffic() {
	local others=() host clone='s/2c7e90b4f5[0-9]*/2c7e90b4f563/'
	for host in 53 54 55; do
		as $host scan
	done
	as 56 looks_in_vain
	for host in 57 58 59; do
		as $host by scan
	done
	as 60 to https://updates.corp.example:8531 scan
	as 61 to http://$WSUS_NAME:8531 scan
	as 62 scan
	as 63 saying "$clone" scan
	as 64 saying "$clone" scan
	as 65 saying "s/<currentTime>[^<]*/<currentTime>$(date -u -d '+90 minutes' +%Y-%m-%dT%H:%M:%SZ)/" scan
	as 66 file_is_missing
	as 67 fails_to_install
	for host in {68..72}; do
		as $host to https://$WSUS_NAME:8531 scan
	done
	for host in {73..75}; do
		as $host by scan
	done
	for host in {50..52} {76..99}; do
		as $host all_of_it
	done
	wait "${others[@]}"
}
