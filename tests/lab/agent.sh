# The lab's clients: curl in the shape of a Windows Update Agent, of BITS and of the WSUS console.
#
# Header names, values and their order are those of a current agent; only Host, which curl always
# sends first, comes last on a real one.  All calls of one run of curl share its connections, and the
# run ends at the first failure, as a scan does.
#
# SPACE is the machine that they run on, if it is not the client; EDIT a sed expression for what they say.
# Before a call one may set: CLIENT (address it comes from), BASE (where it goes), POLICY (its WUServer, if another), MORE
# (further curl configuration lines, such as a proxy).

AGENT='Windows-Update-Agent/1507.2601.30012.0 Client-Protocol/2.90'
OLD_AGENT='Windows-Update-Agent'
BITS='Microsoft BITS/7.8'
CONSOLE='Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)'
SCAN='GetConfig GetAuthorizationCookie GetCookie RegisterComputer SyncUpdates SyncUpdatesNext
	SyncUpdatesDrivers GetExtendedUpdateInfo'
NAMESPACE=http://www.microsoft.com/SoftwareDistribution
# A type 1 message, for who goes no further.
NTLM_BEGUN=TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw==
VIA_PROXY='proxy = "http://proxy.corp.example:3128"'

base() { echo "${BASE:-http://$WSUS_NAME:8530}"; }
client() { echo "${CLIENT:-192.0.2.50}"; }

# Writes the lines that every transfer has.
transfer() {
	printf '%s\n' "url = \"$1\"" 'output = "/dev/null"' fail 'path-as-is' 'connect-timeout = 8' \
		"max-time = ${PATIENCE:-10}" "interface = \"$(client)\"" "cacert = \"$WORK/tls/ca.pem\""
	[ -z "${MORE:-}" ] || printf '%s\n' "$MORE"
}

header() { printf 'header = "%s"\n' "${@//\"/\\\"}"; }

# service METHOD: path and namespace of the service that has it.
service() {
	case $1 in
	GetAuthorizationCookie) echo "/SimpleAuthWebService/SimpleAuth.asmx $NAMESPACE/Server/SimpleAuthWebService" ;;
	ReportEventBatch) echo "/ReportingWebService/ReportingWebService.asmx $NAMESPACE" ;;
	*) echo "/ClientWebService/client.asmx $NAMESPACE/Server/ClientWebService" ;;
	esac
}

# MS-CV begins with the client's address and the number of its operation, and ends with the number of the
# call: the lab's nginx knows a call by them.
operation=0
call_number() {
	local method number=0
	for method in $SCAN ReportEventBatch; do
		[ "$method" != "$1" ] || break
		number=$((number + 1))
	done
	echo "$number"
}

request_body() {
	local host
	host=$(client)
	host=${host##*[.:]}
	fill "$LAB/soap/$1.request.xml" "s|@BASE@|${POLICY:-$(base)}|" "s/@CLIENT_NAME@/pc-04$host.corp.example/" \
		"s/@CLIENT_ID@/5f3d2c8a-9b41-4e76-8a1d-2c7e90b4f5$host/" "${EDIT:-}"
}

# soap_call METHOD: the configuration lines of one call.
soap_call() {
	local method=$1 path space body vector
	read -r path space <<<"$(service "$method")"
	body=$WORK/$(client).$method
	request_body "$method" >"$body"
	vector=$(client | tr -d .:)$(printf %02d "$operation")AAAAAAAAAAAAAAAA
	transfer "$(base)$path"
	header 'Cache-Control: no-cache' 'Connection: Keep-Alive' 'Pragma: no-cache' \
		'Content-Type: text/xml; charset=utf-8' 'Accept:' 'Accept-Encoding: xpress' "User-Agent: $AGENT" \
		"SOAPAction: \"$space/${method/#SyncUpdates*/SyncUpdates}\""
	case $path in /Client*) header "MS-CV: ${vector:0:16}.0.$(call_number "$method")" ;; esac
	header "Content-Length: $(stat -c %s "$body")"
	echo "data-binary = \"@$body\""
}

# file_call METHOD PATH [HEADER...]: the lines of a GET or HEAD.
file_call() {
	local method=$1 path=$2
	shift 2
	transfer "$(base)$path"
	[ "$method" = HEAD ] && echo head
	header 'Connection: Keep-Alive' 'Accept: */*' "$@"
}

# Runs the transfers that standard input holds, in one curl.  A failure is what many scenarios want.
curl_runs() {
	local conf
	conf=$(mktemp -p "$WORK")
	cat >"$conf"
	sed -i '$d' "$conf"             # the last "next" would open a transfer without URL
	SSLKEYLOGFILE=$KEYLOG SSL_CERT_FILE=$WORK/tls/ca.pem inside "${SPACE:-client}" timeout -k 1 40 \
		curl -q -sS --fail-early ${CURL_GLOBAL:-} -K "$conf" >>"$WORK/curl.log" 2>&1 || true
}

# calls METHOD...: these SOAP calls, one after the other.
calls() {
	local method
	operation=$((operation + 1))
	for method in "$@"; do
		soap_call "$method"
		echo next
	done | curl_runs
}

scan() { calls $SCAN; }
# The same, each call on a connection of its own: Squid closes some tunnels that it opened after an answer.
scan_apart() {
	local method
	for method in $SCAN; do
		calls "$method"
	done
}
report() { calls ReportEventBatch; }

# files USER-AGENT METHOD PATH [METHOD PATH...]: plain requests.
files() {
	local agent=$1
	shift
	while [ $# -gt 0 ]; do
		file_call "$1" "$2" "User-Agent: $agent"
		echo next
		shift 2
	done | curl_runs
}

# download [PATH]: an update file as BITS takes it: HEAD, then two ranges.
download() {
	local path=${1:-$CONTENT} half=$((CONTENT_SIZE / 2)) range
	{
		file_call HEAD "$path" 'Accept-Encoding: identity' "User-Agent: $BITS"
		echo next
		for range in "0-$((half - 1))" "$half-$((CONTENT_SIZE - 1))"; do
			file_call GET "$path" 'Accept-Encoding: identity' "Range: bytes=$range" "User-Agent: $BITS"
			echo next
		done
	} | curl_runs
}

# part RANGE [PATH]: some of an update file, over a connection of its own.
part() {
	{
		file_call GET "${2:-$CONTENT}" 'Accept-Encoding: identity' "Range: bytes=$1" "User-Agent: $BITS"
		echo next
	} | curl_runs
}

# console PATH NAMESPACE/METHOD [XML]: a .NET call with that inside, as the console, a site server or a
# downstream server makes it.
console() {
	{
		transfer "$(base)$1"
		header "User-Agent: $CONSOLE" 'Content-Type: text/xml; charset=utf-8' "SOAPAction: \"$2\"" 'Accept:' 'Expect:'
		printf 'data = "%s"\n' "<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body>\
<${2##*/} xmlns='${2%/*}'>${3:-}</${2##*/}></soap:Body></soap:Envelope>"
		echo next
	} | curl_runs
}

# tls_client MODE [VERSION [TIMES]]: a client that leaves where WinHTTP and others do; see tls-client.py.
tls_client() {
	local mode=$1 version=${2:-1.2} times=${3:-2}
	request_body GetConfig >"$WORK/GetConfig.body"
	for (( ; times > 0; times--)); do
		SSLKEYLOGFILE=$KEYLOG inside client python3 "$LAB/tls-client.py" "$WSUS_NAME" 8531 \
			"$WORK/tls/ca.pem" "$mode" "$version" "$WORK/GetConfig.body" 2>>"$WORK/tls-client.log" || true
	done
}

# tls_terminal [OPTION...]: openssl s_client, whose commands and requests standard input holds.
tls_terminal() {
	inside client timeout -k 1 20 openssl s_client -connect "$WSUS_NAME:8531" -servername "$WSUS_NAME" \
		-keylogfile "$KEYLOG" -CAfile "$WORK/tls/ca.pem" "$@" >>"$WORK/s_client.log" 2>&1 || true
}

# typed PATH: a request as one types it there.
typed() {
	printf 'GET %s HTTP/1.1\r\nUser-Agent: %s\r\nHost: %s:8531\r\n\r\n' "$1" "$AGENT" "$WSUS_NAME"
	sleep 0.6
}

# asks_where: a client of ConfigMgr asks its management point where to scan.
asks_where() {
	local body=$WORK/$(client).ccm
	python3 "$LAB/ccm.py" request "$body" "pc-04$(client | sed 's/.*\.//')"
	{
		transfer "http://$WSUS_NAME/ccm_system/request"
		header 'User-Agent: ConfigMgr Messaging HTTP Sender' 'Expect:' 'Accept:' \
			'Content-Type: multipart/mixed; boundary="aAbBcCdDv1234567890VxXyYzZ"'
		echo 'request = "CCM_POST"'
		echo "data-binary = \"@$body\""
		echo next
	} | curl_runs
}

# lookup_from ADDRESS NAME: what a resolver asks, from one of the client's addresses; nothing follows.
lookup_from() {
	inside client python3 "$LAB/lookup.py" "$1" "$(name_server client)" "$2" 2>>"$WORK/lookup.log" || true
}

# find_proxy URL: asks DHCP for a proxy script, then fetches the one at that URL, as WinHTTP does.
find_proxy() {
	inside client python3 "$LAB/dhcp-inform.py" 192.0.2.50 192.0.2.254 PC-0450 2>>"$WORK/dhcp.log" || true
	{
		transfer "$1"
		header 'Connection: Keep-Alive' 'Accept: */*' 'User-Agent: WinHttp-Autoproxy-Service/5.1'
		echo next
	} | curl_runs
}

# synchronises [METHOD]: the update point takes updates from its upstream server; until that call, if told.
synchronises() {
	local SPACE=server CLIENT=$WSUS_IP BASE=${BASE:-http://wsus00.corp.example:8530} step
	local steps="Server/DssAuthWebService:GetAuthorizationCookie GetCookie GetConfigData GetRevisionIdList GetUpdateData"
	local cookie="<cookie><Expiration>2026-12-31T00:00:00Z</Expiration><EncryptedData>Ah6bhGSLhZo=</EncryptedData></cookie>"
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
	for step in $steps; do
		case $step in
		*:*)
			console /DssAuthWebService/DssAuthWebService.asmx "$NAMESPACE/${step/://}" \
				"<accountName>wsus01.corp.example</accountName><accountGuid>0b6b1f0e-3c5d-4a8e-9f21-6d1c2e7a4b99</accountGuid>"
			;;
		GetCookie)
			console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/$step \
				"<protocolVersion>1.20</protocolVersion>"
			;;
		*)
			console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/$step "$cookie"
			;;
		esac
		[ "${step#*:}" != "${1:-}" ] || break
	done
}
