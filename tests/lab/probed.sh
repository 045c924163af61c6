# What probes alone meet: set-ups of the lab's servers that no capture was made of.

# wsus_with_login SERVICE MODE: the update point, one of whose services wants an NTLM login; MODE is a helper's.
wsus_with_login() {
	misbehave server 8081 "$2" "$WORK/answer/Ping.answer.plain"
	HTTP_BLOCK='upstream iis { server 127.0.0.1:8081; keepalive 1; }'
	SITE="location ~* ^/$1/ { proxy_pass http://iis; proxy_http_version 1.1; proxy_set_header Connection ''; }"
	wsus
}

# wsus_failing METHOD STATUS: the update point, which answers that SOAP call with 503 of HTTP.sys, or with
# 500 and a fault of WSUS.
wsus_failing() {
	HTTP_BLOCK="map \$method \$failing { default ''; $1 $2; }"
	faults InternalServerError
	SITE='error_page 503 /pages/httpsys-503.htm;
	location ~* \.asmx$ {
		error_page 405 =200 /answer/$answer.answer;
		error_page 500 =500 /answer/InternalServerError.fault;
		error_page 503 /pages/httpsys-503.htm;
		if ($failing = 500) { return 500; }
		if ($failing = 503) { return 503; }
		if ($request_method = POST) { return 405; }
	}'
	wsus
}

# client_certificate: one that the lab's authority issued, $WORK/tls/pc-0450.pem and .key.
client_certificate() {
	certificates
	issue pc-0450 /CN=pc-0450.corp.example extendedKeyUsage=clientAuth "$LEAF"
}

# microsoft_update: the hosts that a synchronising server needs, all on the proxy's machine.
microsoft_update() {
	local name names=() hosts=()
	certificates
	for name in $MICROSOFT; do
		names+=("DNS:$name")
		hosts+=("host-record=$name,$PROXY_IP")
	done
	issue update "/CN=update.microsoft.com" "subjectAltName=$(IFS=,; echo "${names[*]}")" "$SERVING" "$LEAF"
	names_also "${hosts[@]}"
	nginx_in proxy update <<-END
		server {
			listen 80;
			listen 443 ssl;
			ssl_certificate $WORK/tls/update.pem;
			ssl_certificate_key $WORK/tls/update.key;
			root $WORK/answer;
			location / { default_type text/html; return 200 '<html></html>'; }
			location ~* asmx$ {
				default_type 'text/xml; charset=utf-8';
				error_page 405 =200 /said/UpstreamGetAuthConfig.answer.plain;
				if (\$request_method = POST) { return 405; }
				return 200 '<html></html>';
			}
			location /said/ { internal; alias $WORK/answer/; default_type 'text/xml; charset=utf-8'; }
		}
	END
	await proxy 80 443
}
MICROSOFT='sws.update.microsoft.com sws1.update.microsoft.com windowsupdate.microsoft.com update.microsoft.com
	www.update.microsoft.com download.windowsupdate.com windowsupdate.com download.microsoft.com
	ntservicepack.microsoft.com go.microsoft.com dl.delivery.mp.microsoft.com fe2.update.microsoft.com'

# many_targets COUNT: http://ADDRESS:8530 of as many, of which the second half is dead in silence.
many_targets() {
	local i
	for ((i = 0; i < $1; i++)); do
		echo "http://198.51.100.$((20 + i)):8530"
	done
}
