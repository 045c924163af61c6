# The lab's servers: nginx as WSUS, Squid, nginx or Apache as proxies, dnsmasq, and small helpers.
# Each function starts one in its namespace and returns when its port listens.

WSUS_NAME=wsus01.corp.example
WSUS_IP=198.51.100.10
WSUS_IP6=2001:db8:0:5::10
PROXY_IP=203.0.113.9
HELPERS=/usr/lib/squid           # of Squid, for logins

# What makes the clock of a server go wrong: $CLOCK is its offset, in faketime's words.
clock() { [ -z "${CLOCK:-}" ] || echo "faketime -f $CLOCK"; }

# await SPACE PORT...: waits until something listens; the whole lab fails when nothing does.
await() {
	local space=$1 port tries
	shift
	for port in "$@"; do
		for ((tries = 0; tries < 150; tries++)); do
			[ -z "$(inside "$space" ss -Hltn "sport = :$port")" ] || continue 2
			sleep 0.1
		done
		cat "$WORK"/*.log "$WORK"/squid/cache.log >&2 2>/dev/null
		die "nothing listens on port $port of $space"
	done
}

# Name service for everyone, on the router; lines given are further dnsmasq options.
names() {
	local address=$WSUS_IP
	[ "$lab_no_ipv6" = 1 ] || address+=,$WSUS_IP6
	{
		echo "no-resolv"
		echo "no-hosts"
		echo "bind-interfaces"
		echo "pid-file="
		echo "local=/corp.example/"
		echo "host-record=$WSUS_NAME,$address"
		echo "host-record=proxy.corp.example,$PROXY_IP"
		echo "host-record=portal.corp.example,$PROXY_IP"
		printf '%s\n' "$@"
	} >"$WORK/dnsmasq.conf"
	start router dnsmasq --keep-in-foreground --conf-file="$WORK/dnsmasq.conf" --user=root \
		--log-facility="$WORK/dnsmasq.log"
	await router 53
}

# names_also LINE...: starts it anew with more to tell.
names_also() {
	stop_port router 53
	names "$@"
}

# names_forget WORD: starts it anew without the records that have this word.
names_forget() {
	stop_port router 53
	sed -i "/$1/d" "$WORK/dnsmasq.conf"
	start router dnsmasq --keep-in-foreground --conf-file="$WORK/dnsmasq.conf" --user=root \
		--log-facility="$WORK/dnsmasq.log"
	await router 53
}

# client_asks LINE...: the client's resolv.conf; it is read anew by each command inside.
client_asks() {
	printf '%s\n' "$@" >"/etc/netns/$LAB_ID-client/resolv.conf"
}

# dhcp_tells URL: dnsmasq anew, with DHCP for the client's network and that URL as option 252.
dhcp_tells() {
	names_also "${WPAD_RECORD:-}" 'dhcp-range=192.0.2.100,192.0.2.150' "dhcp-leasefile=$WORK/leases" \
		"dhcp-option=252,\"$1\""
}

# wpad_host DIRECTIVES: a web server by the name wpad, whose one location has these directives.
wpad_host() {
	WPAD_RECORD=host-record=wpad.corp.example,$PROXY_IP
	names_also "$WPAD_RECORD"
	printf 'server { listen 80; location / { %s } }\n' "$1" | nginx_in proxy wpad
	await proxy 80
}

# many_addresses: wsus05.corp.example, whose forty addresses are all the server's.
many_addresses() {
	local last
	for last in {100..139}; do
		inside server ip address add "198.51.100.$last/24" dev eth0
		echo "198.51.100.$last wsus05.corp.example"
	done >"$WORK/hosts"
	names_also "addn-hosts=$WORK/hosts"
}

# What the update point has on its disk: pages, answers in xpress, one update file.
wsus_files() {
	local www=$WORK/www
	local file=$WORK/payload.cab
	mkdir -p "$www"/{Content,SelfUpdate} "$WORK/answer"
	service_pages
	python3 "$LAB/pages.py" "$WORK/pages"
	yes 'wsuscope lab payload' | head -n "$PAYLOAD_LINES" >"$file"
	local sha1
	sha1=$(sha1sum <"$file" | tr -d ' -' | tr a-f A-F)
	mkdir -p "$www/Content/${sha1: -2}"
	CONTENT=/Content/${sha1: -2}/$sha1.cab
	CONTENT_SIZE=$(stat -c %s "$file")
	DIGESTS="$(openssl sha1 -binary "$file" | base64) $(openssl sha256 -binary "$file" | base64)"
	mv "$file" "$www$CONTENT"
	: >"$www/Content/anonymousCheckFile.txt"
	echo '<serverversion>10.0.26100.1</serverversion>' >"$www/ClientWebService/wusserverversion.xml"
	head -c 700 /dev/zero | tr '\0' M >"$www/SelfUpdate/wuident.cab"
	answers
}

# What a browser sees where a web service is: ASP.NET's page about it, of some kilobytes.
service_pages() {
	local service operation list=''
	for operation in $SCAN ReportEventBatch GetFileLocations RefreshCache StartCategoryScan Ping; do
		list+="<li><a href=\"?op=$operation\">$operation</a></li>"$'\r\n'
	done
	for service in ClientWebService/client SimpleAuthWebService/SimpleAuth DssAuthWebService/DssAuthWebService \
		ReportingWebService/{ReportingWebService,WebService} ServerSyncWebService/ServerSyncWebService \
		ApiRemoting30/WebService; do
		mkdir -p "$WORK/www/${service%/*}"
		printf '<html><head><title>%s Web Service</title></head><body>%s<ul>%s</ul><pre>%4000s</pre></body></html>' \
			"${service#*/}" 'The following operations are supported.' "$list" ' ' >"$WORK/www/$service.asmx"
	done
}

# answers [SED-EXPRESSION...]: what the update point says, with further edits.
answers() {
	local answer name
	rm -f "$WORK"/answer/*
	for answer in "$LAB"/soap/*.answer.xml "$LAB"/soap/*.fault.xml; do
		name=${answer##*/}
		fill "$answer" "$@" >"$WORK/answer/${name%.xml}.plain"
	done
	python3 "$LAB/xpress.py" "$WORK"/answer/*.plain
}

# fill TEMPLATE [SED-EXPRESSION...]: a SOAP message with the values of this run.
fill() {
	local file=$1 expression
	local edits=(-e "s/@NOW@/$(date -u +%Y-%m-%dT%H:%M:%SZ)/" -e "s|@CONTENT@|$CONTENT|"
		-e "s/@EXPIRES@/$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%S.2345678Z)/" -e "s/@SIZE@/$CONTENT_SIZE/g"
		-e "s|@CONTENT_BASE@|http://$WSUS_NAME:8530|"
		-e "s|@DIGEST@|${DIGESTS% *}|g" -e "s|@DIGEST256@|${DIGESTS#* }|")
	shift
	for expression in "$@"; do
		edits+=(-e "$expression")
	done
	sed "${edits[@]}" "$file" | tr -d '\n'
}

# nginx_in SPACE NAME: starts nginx with the http block that standard input holds.
nginx_in() {
	local space=$1 name=$2 modules=/usr/lib/nginx/modules
	mkdir -p "$WORK/$name.tmp"
	{
		echo "daemon off; master_process off; pid $WORK/$name.pid; error_log $WORK/$name.log;"
		echo "load_module $modules/ngx_http_headers_more_filter_module.so;"
		echo "events { worker_connections 1024; }"
		echo "http { access_log off; server_tokens off; keepalive_timeout 120; keepalive_disable none;"
		local use
		for use in client_body proxy fastcgi uwsgi scgi; do
			echo "${use}_temp_path $WORK/$name.tmp/$use;"
		done
		cat
		echo "}"
	} >"$WORK/$name.conf"
	start "$space" nginx -c "$WORK/$name.conf" 2>>"$WORK/$name.log"
}

# wsus [LISTEN...]: the update point, on 8530 unless told otherwise ("8531 ssl").  $SITE holds
# directives that come before its own locations, $HTTP_BLOCK what stands before the site, $TLS_VERSIONS
# what it speaks, $TLS_CERT the certificate that it shows.  With $REQUIRE_SSL a port of TLS has 8530 beside it,
# for files, where what must not be served without TLS is refused, but to this machine itself.
wsus() {
	[ $# -gt 0 ] || set -- 8530
	local listen text='' ports=() clear=''
	case "${REQUIRE_SSL:-} $*" in
	' '*) ;;
	*ssl*)
		case $* in 8530*) ;; *) set -- 8530 "$@" ;; esac
		clear='if ($needs_tls) { return 403; }'
		;;
	esac
	for listen in "$@"; do
		text+="listen $listen; "
		[ "$lab_no_ipv6" = 1 ] || text+="listen [::]:$listen; "
		ports+=("${listen%% *}")
	done
	case $text in *ssl*)
		certificates
		text+="ssl_certificate $WORK/tls/${TLS_CERT:-server}.pem;"
		text+="ssl_certificate_key $WORK/tls/${TLS_CERT:-server}.key;"
		text+="ssl_protocols ${TLS_VERSIONS:-TLSv1.2 TLSv1.3};"
		;;
	esac
	nginx_in server wsus <<-END
		default_type application/octet-stream;
		types { text/xml xml; text/html htm asmx; text/plain txt; }
		more_set_headers 'Server: Microsoft-IIS/10.0' 'X-Powered-By: ASP.NET';
		# The method of a call; the later SyncUpdates of a scan, numbers 5 and 6, have nothing new.
		map \$http_soapaction \$method { default none; "~/(?<m>[A-Za-z0-9]+)\"\$" \$m; }
		map \$uri \$service { default ""; "~*^/(ServerSync|DssAuth)WebService/" Upstream; }
		map "\$service\$method \$http_ms_cv" \$answer {
			default \$service\$method; "~^SyncUpdates .*\.[56]\$" SyncUpdatesNext; "~Ping " Ping;
		}
		map "\$server_port \$remote_addr \$uri" \$needs_tls {
			default ''; "~^8530 127"  ''; "~*^8530 .* /(SimpleAuth|DssAuth|ServerSync|Client)WebService/" 1;
			"~*^8530 .* /ApiRemoting30/" 1;
		}
		${HTTP_BLOCK:-}
		server {
			$text
			$clear
			server_name $WSUS_NAME;
			root $WORK/www;
			error_page 401 /pages/iis-401.htm;
			error_page 403 /pages/iis-403.htm;
			error_page 404 /pages/iis-404.htm;
			error_page 413 /pages/iis-413.htm;
			error_page 500 /pages/iis-500.htm;
			${SITE:-}
			location ~* ^/ApiRemoting30/ { return 401; }
			location ~* \.asmx\$ {
				error_page 405 =200 /answer/\$answer.answer;
				if (\$request_method = POST) { return 405; }
			}
			location /answer/ {
				internal; root $WORK; types { } default_type "text/xml; charset=utf-8";
				more_set_headers 'Content-Encoding: xpress' 'Vary: Accept-Encoding'
					'Cache-Control: private' 'X-AspNet-Version: 4.0.30319';
				more_clear_headers Last-Modified ETag Accept-Ranges;
			}
			location /pages/ {
				internal; root $WORK; types { } default_type text/html;
				more_clear_headers Last-Modified ETag Accept-Ranges;
			}
			location = /pages/iis-401.htm {
				internal; root $WORK; types { } default_type text/html;
				more_set_headers 'WWW-Authenticate: Negotiate';
				add_header WWW-Authenticate NTLM always;
				more_clear_headers Last-Modified ETag Accept-Ranges;
			}
			# What HTTP.sys answers itself: other headers, and the connection closes.
			location /pages/httpsys {
				internal; root $WORK; types { } default_type "text/html; charset=us-ascii";
				more_set_headers 'Server: Microsoft-HTTPAPI/2.0';
				more_clear_headers Last-Modified ETag Accept-Ranges X-Powered-By;
				keepalive_timeout 0;
			}
		}
	END
	await server "${ports[@]}"
}

# The update point again, as it was, after stop_port.
wsus_again() {
	start server nginx -c "$WORK/wsus.conf" 2>>"$WORK/wsus.log"
	await server 8530
}

# Ends what listens on a port of a namespace, as a service stops.
stop_port() {
	local pid
	pid=$(inside "$1" ss -Hltnp "sport = :$2" | sed -n 's/.*pid=\([0-9]*\).*/\1/p' | head -n 1)
	kill -TERM "$pid"
	while [ -n "$(inside "$1" ss -Hltn "sport = :$2")" ]; do
		sleep 0.1
	done
}

# squid LINE...: a forward proxy on 3128; the lines come before "http_access allow all".  $SQUID_PORT holds
# further words for the port.
squid_proxy() {
	mkdir -p "$WORK/squid"
	chown proxy "$WORK/squid"
	{
		printf '%s\n' "http_port 3128 ${SQUID_PORT:-}" "visible_hostname squid01.corp.example" "cache deny all" \
			"pid_filename $WORK/squid/squid.pid" "cache_log $WORK/squid/cache.log" "access_log none" \
			"coredump_dir $WORK/squid" "pinger_enable off" "shutdown_lifetime 0 seconds" \
			"max_filedescriptors 1024" "dns_nameservers $(name_server proxy)" "forward_max_tries 2" \
			"acl SSL_ports port 443" "acl CONNECT method CONNECT" "memory_pools off" "via on"
		printf '%s\n' "$@"
		echo "http_access allow all"
	} >"$WORK/squid.conf"
	start_minded proxy $(clock) squid -N -n "$LAB_ID" -f "$WORK/squid.conf" 2>"$WORK/squid.log"
	await proxy 3128
}

# inspecting_proxy NAME LINE...: Squid that opens tunnels with an authority of that name, as the lines say.
inspecting_proxy() {
	local authority=$WORK/tls/${1// /-} helper=$HELPERS/security_file_certgen
	certificates
	authority "${1// /-}" "/O=Corp Example/CN=$1"
	chmod 644 "$authority.key"
	cat "$authority.pem" "$WORK/tls/ca.pem" >"$WORK/trusted.pem"
	"$helper" -c -s "$WORK/made" -M 4MB >"$WORK/certgen.log" 2>&1
	chown -R proxy "$WORK/made"
	SQUID_PORT="ssl-bump generate-host-certificates=on tls-cert=$authority.pem tls-key=$authority.key"
	shift
	squid_proxy "sslcrtd_program $helper -s $WORK/made -M 4MB" 'sslcrtd_children 1' \
		"tls_outgoing_options cafile=$WORK/tls/ca.pem" 'acl inspect_hello at_step SslBump1' "$@"
}

# A forward proxy made of nginx, on 3128: the argument is directives for its one location.
nginx_proxy() {
	nginx_in proxy proxy <<-END
		resolver $(name_server proxy) ipv6=off;
		server {
			listen 3128;
			location / {
				proxy_set_header Host \$http_host;
				proxy_set_header Connection "";
				proxy_http_version 1.1;
				proxy_pass http://\$http_host\$request_uri;
				$*
			}
		}
	END
	await proxy 3128
}

# apache_in SPACE PORT: Apache with the directives that standard input holds.
apache_in() {
	local space=$1 port=$2 modules=/usr/lib/apache2/modules module
	{
		printf '%s\n' "Listen $port" "PidFile $WORK/apache.pid" "ErrorLog $WORK/apache.log" "ServerName localhost" \
			"DefaultRuntimeDir $WORK" "Mutex file:$WORK" "User www-data" "Group www-data" "TypesConfig /dev/null"
		for module in mpm_event authn_core authn_file authz_core authz_user auth_basic auth_digest \
			auth_gssapi alias dir env headers mime setenvif proxy proxy_http socache_shmcb ssl; do
			echo "LoadModule ${module}_module $modules/mod_$module.so"
		done
		cat
	} >"$WORK/apache.conf"
	start "$space" $(clock) apache2 -D FOREGROUND -f "$WORK/apache.conf" 2>>"$WORK/apache.log"
	await "$space" "$port"
}

# apache_login SERVICE TYPE USER: a service behind a login with a password, on 8530; USER is a line of the
# file of users.
apache_login() {
	mkdir -p "$WORK/www/${1%/*}"
	cp "$WORK/answer/RegisterComputer.answer.plain" "$WORK/www/$1"
	printf '%s\n' "$3" >"$WORK/users"
	apache_in server 8530 <<-END
		DocumentRoot $WORK/www
		AddType "text/xml; charset=utf-8" .asmx
		<Location /${1%/*}>
			AuthType $2
			AuthName Corp
			AuthUserFile $WORK/users
			Require valid-user
		</Location>
	END
}

# A forward proxy made of Apache, on 3128, with further directives.
apache_proxy() {
	printf '%s\n' 'ProxyRequests On' '<Proxy "*">' 'Require all granted' '</Proxy>' "$@" | apache_in proxy 3128
}

# apache_tls PORT [LINE...]: Apache with TLS before nginx as update point, with further directives.
apache_tls() {
	local port=$1
	shift
	certificates
	wsus
	apache_in server "$port" <<-END
		SSLEngine on
		SSLProtocol ${TLS_VERSIONS:--all +TLSv1.2 +TLSv1.3}
		SSLCertificateFile $WORK/tls/server.pem
		SSLCertificateKeyFile $WORK/tls/server.key
		SSLCACertificateFile $WORK/tls/ca.pem
		ProxyPreserveHost On
		ProxyPass / http://127.0.0.1:8530/
		$(printf '%s\n' "$@")
	END
}

# tls_server PORT OPTION...: openssl s_server, which serves the files of the update point.
tls_server() {
	local port=$1
	shift
	start server env -C "$WORK/www" openssl s_server -accept "$port" -WWW "$@" >"$WORK/s_server.log" 2>&1
	await server "$port"
}

# misbehave SPACE PORT MODE [ARGUMENT...]: a server for what no real one can be made to do.
misbehave() {
	local space=$1 port=$2
	start "$space" python3 "$LAB/misbehave.py" "$port" "${@:3}" 2>>"$WORK/misbehave.log"
	await "$space" "$port"
}

# wsus_with NAME SUBJECT [EXTENSION...]: the update point on 8531 with a certificate of its own; the
# variables of issue() shape it, and $CHAIN names an authority whose certificate it sends too.
wsus_with() {
	local to=$WORK/tls/$1
	certificates
	issue "$@"
	TLS_CERT=$1
	if [ -n "${CHAIN:-}" ]; then
		TLS_CERT=$1-chain
		cp "$to.key" "$to-chain.key"
		cat "$to.pem" "$WORK/tls/$CHAIN.pem" >"$to-chain.pem"
	fi
	wsus '8531 ssl'
}

# wsus_of_a_stranger: with a certificate of a root that no client knows, which it sends too.
wsus_of_a_stranger() {
	authority strange '/CN=Strange Root CA'
	ISSUER=strange CHAIN=strange wsus_with stranger "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}

# management_point URL...: ConfigMgr's, on port 80 of the update point's machine; it tells clients these update
# points.  With "none" it tells an empty list, with "later" its replies never come.
management_point() {
	tells "$@"
	start server python3 "$LAB/ccm.py" serve 80 "$WORK/told"
	await server 80
}

# tells URL...: from now on it tells these.
tells() { printf '%s\n' "$@" >"$WORK/told"; }

# second_update_point: the same again under another name and address, wsus09.
second_update_point() {
	inside server ip address add 198.51.100.11/24 dev eth0
	names_also host-record=wsus09.corp.example,198.51.100.11
}

# faults CODE[=MESSAGE]...: answers that are these faults of WSUS, named CODE.fault.
faults() {
	local fault code message
	for fault; do
		code=${fault%%=*}
		message=${fault#"$code"}
		fill "$LAB/soap/ConfigChanged.fault.xml" "s/ConfigChanged/$code/" \
			"s|<Message/>|<Message>${message#=}</Message>|" >"$WORK/answer/$code.fault.plain"
		rm -f "$WORK/answer/$code.fault"
		python3 "$LAB/xpress.py" "$WORK/answer/$code.fault.plain"
	done
}

# faulting PATTERN CODE [PATTERN CODE...]: calls whose MS-CV matches will be answered with that fault.
faulting() {
	local table=''
	while [ $# -gt 0 ]; do
		table+="\"~$1\" $2; "
		[ -e "$WORK/answer/$2.fault" ] || faults "$2"
		shift 2
	done
	HTTP_BLOCK="map \$http_ms_cv \$fault { default ''; $table}"
	SITE='location ~* \.asmx$ {
		error_page 405 =200 /answer/$answer.answer;
		error_page 500 =500 /answer/$fault.fault;
		if ($fault) { return 500; }
		if ($request_method = POST) { return 405; }
	}'
}

# wsus_faulting PATTERN CODE...: the update point that does so.
wsus_faulting() {
	faulting "$@"
	wsus
}

# upstream_server [METHOD CODE]: what the update point takes its updates from, wsus00 on the proxy's machine;
# it answers that method with that fault.
upstream_server() {
	names_also host-record=wsus00.corp.example,$PROXY_IP
	[ $# = 0 ] || faults "$2"
	nginx_in proxy upstream <<-END
		default_type "text/xml; charset=utf-8";
		more_set_headers 'Server: Microsoft-IIS/10.0' 'X-Powered-By: ASP.NET' 'X-AspNet-Version: 4.0.30319';
		map \$http_soapaction \$method { default none; "~/(?<m>[A-Za-z0-9]+)\"\$" \$m; }
		map \$method \$fault { default ''; ${1:-none} ${2:-none}; }
		server {
			listen 8530;
			root $WORK/answer;
			${SITE:-}
			location / {
				error_page 405 =200 /said/Upstream\$method.answer.plain;
				error_page 500 =500 /said/\$fault.fault.plain;
				if (\$fault) { return 500; }
				if (\$request_method = POST) { return 405; }
			}
			location /said/ {
				internal; alias $WORK/answer/;
				more_clear_headers Last-Modified ETag Accept-Ranges;
			}
		}
	END
	await proxy 8530
}
