# The lab's Kerberos realm: MIT's KDC beside the update point, as dc01.corp.example.

KDC_IP=198.51.100.20
REALM=CORP.EXAMPLE
AUTH_PROXY=HTTP/proxy.corp.example
AUTH_SERVER=HTTP/$WSUS_NAME

# kdc PRINCIPAL...: the realm with the client PC-0450$, logged in, and these services.  Each one's keys lie in
# $WORK/krb5/HOST.keytab; the account of a service named SERVICE=stale is another one than the keytab is of.
kdc() {
	local to=$WORK/krb5 service
	mkdir -p "$to"
	inside server ip address add "$KDC_IP/24" dev eth0
	printf '%s\n' '[libdefaults]' "default_realm = $REALM" 'dns_lookup_kdc = false' \
		'dns_lookup_realm = false' \
		'dns_canonicalize_hostname = false' 'rdns = false' '[realms]' "$REALM = {" "kdc = $KDC_IP" '}' \
		'[domain_realm]' ".corp.example = $REALM" >"$to/krb5.conf"
	printf '%s\n' '[kdcdefaults]' 'kdc_listen = 88' 'kdc_tcp_listen = 88' '[realms]' "$REALM = {" \
		"database_name = $to/principal" "key_stash_file = $to/stash" 'max_life = 10h' '}' \
		'[logging]' "kdc = FILE:$to/kdc.log" >"$to/kdc.conf"
	export KRB5_CONFIG=$to/krb5.conf KRB5_KDC_PROFILE=$to/kdc.conf
	export KRB5CCNAME=FILE:$to/cache KRB5RCACHENAME=none:
	kdb5_util create -r "$REALM" -s -P "$(openssl rand -hex 16)" >"$to/log" 2>&1 || die "$(cat "$to/log")"
	principal 'PC-0450$' pc
	for service in "$@"; do
		principal "${service%=stale}" "$(basename "${service%=stale}")"
		case $service in *=stale) account_anew "${service%=stale}" ;; esac
	done
	start server krb5kdc -n 2>>"$to/log"
	await server 88
	inside client kinit -k -t "$to/pc.keytab" 'PC-0450$' || die "no ticket: $(cat "$to/kdc.log")"
}

# principal NAME FILE: an account and its keytab.  The keys stay in the database until it is thrown away.
principal() {
	kadmin.local -q "addprinc -randkey $1" >>"$WORK/krb5/log" 2>&1
	kadmin.local -q "ktadd -k $WORK/krb5/$2.keytab -norandkey $1" >>"$WORK/krb5/log" 2>&1
	chmod 644 "$WORK/krb5/$2.keytab"
}

# The same name and key version, another key: what a service finds whose account is not its SPN's.
account_anew() {
	kadmin.local -q "delprinc -force $1" >>"$WORK/krb5/log" 2>&1
	kadmin.local -q "addprinc -randkey $1" >>"$WORK/krb5/log" 2>&1
}

# Squid's lines for Negotiate with the proxy's own keytab; further arguments are the helper's.
squid_negotiates() {
	squid_proxy "auth_param negotiate program $HELPERS/negotiate_kerberos_auth -r -s $AUTH_PROXY $*" \
		"auth_param negotiate keep_alive on" 'acl known proxy_auth REQUIRED' 'http_access deny !known'
}

# apache_negotiates PORT [LINE...]: the administration service behind Negotiate; the lines come first.
apache_negotiates() {
	local port=$1
	shift
	mkdir -p "$WORK/www/ApiRemoting30"
	cp "$WORK/answer/RegisterComputer.answer.plain" "$WORK/www/ApiRemoting30/WebService.asmx"
	apache_in server "$port" <<-END
		$(printf '%s\n' "$@")
		DocumentRoot $WORK/www
		AddType "text/xml; charset=utf-8" .asmx
		<Location /ApiRemoting30>
			AuthType GSSAPI
			AuthName Corp
			GssapiCredStore keytab:$WORK/krb5/$WSUS_NAME.keytab
			GssapiAcceptorName HTTP@$WSUS_NAME
			Require ${AUTH_REQUIRE:-valid-user}
		</Location>
	END
}

api_call() {
	console /ApiRemoting30/WebService.asmx $NAMESPACE/Server/ApiRemotingWebService/GetServerVersion
}
