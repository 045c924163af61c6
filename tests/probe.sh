#!/usr/bin/env bash
# Probing as users do it, against servers on the loopback: tests/probe.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
python=$(command -v /usr/bin/python3 || command -v python3) || { echo 'skipped: python3 is not installed'; exit 0; }
work=$(mktemp -d)
mkdir "$work/said"
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT
. tests/judging.bash
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY

# serve NAME OPTION...: starts an update point; its port is $port, what it is asked in $work/NAME.asked.
serve() {
	local name=$1 tries=100
	shift
	"$python" tests/updatepoint.py "$@" 0 >"$work/$name.port" 2>"$work/$name.asked" &
	last=$!
	servers+=("$last")
	while [ ! -s "$work/$name.port" ] && [ $((tries--)) -gt 0 ]; do sleep 0.1; done
	port=$(cat "$work/$name.port")
}

stop() {
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

# try NAME STATUS ARGUMENT...: probes, keeps what is said in $work/out and $work/err.
try() {
	local name=$1 wanted=$2 status
	shift 2
	timeout 60 "$wsuscope" probe "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	judge "$name: exit $status, not $wanted" "[ $status = $wanted ]"
}

# states FILE EXPRESSION: a Python expression over the document `d` and its checks by name, `c`.
states() {
	judge "$1: $2" "'$python' - '$work/$1' '$2' <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		c = {check['name']: check for check in d['checks']}
		sys.exit(not eval(sys.argv[2]))
	END"
}

# ---- usage ----
try 'nothing to probe' 2
says err 'name an update point'
try 'no URL' 2 'ftp://wsus01/'
try 'both families alone' 2 -4 -6 wsus01
try 'a count of one round' 2 --count 3 wsus01
try 'metrics on a port of one round' 2 --metrics 127.0.0.1:9999 wsus01
try 'metrics at no port' 2 --metrics 127.0.0.1:99999 wsus01
says err 127.0.0.1:9817
try 'an address for no port' 2 --resolve wsus01 wsus01
for format in json html markdown csv csv-clients; do
	try "$format without end" 2 --every 1 -o $format wsus01
done
for format in har csv-exchanges; do
	try "$format of no packets" 2 -o $format wsus01
	says err '--capture'
done
try 'no login' 2 -U hunter2 wsus01
judge 'it is not repeated' "! grep -q hunter2 '$work/out' '$work/err'"
try 'no file of a login' 3 --proxy-user-file "$work/none" wsus01
try 'no file of authorities' 3 --cacert "$work/none" wsus01
: >"$work/empty"
try 'no certificate of the client' 3 --cert "$work/empty" wsus01
says err 'there is no CERTIFICATE'
try 'a plugin that is asked wrongly knows nothing' 3 --nagios
try 'a plugin with a wrong option, too' 3 --nagios --no-such wsus01
try help 0 --help
for option in $(grep -o -- ' --[a-z0-9-]*' "$work/out" | sort -u); do
	judge "the manual knows $option" "sed 's/\\\\-/-/g' docs/wsuscope.1 | grep -q -- '$option\\b'"
done
judge 'help fits 100 columns' "! grep -q '.\{101\}' '$work/out'"

# ---- a healthy update point ----
serve healthy
healthy=$port url=http://127.0.0.1:$port
try 'a plan' 0 --plan "$url"
says out 'POST /ClientWebService/client.asmx GetConfig'
silent err
judge 'it sends nothing' "[ ! -s '$work/healthy.asked' ]"
try 'a plan of what does not exist' 0 --plan wsus01.invalid
says out 'https://wsus01.invalid:8531'
try health 0 "$url"
says out "127.0.0.1:$port serves clients."
silent err
judge 'health takes six lines' "[ \$(wc -l <'$work/out') -le 6 ]"
judge 'the server was asked' "grep -q '^POST /ClientWebService/client.asmx' '$work/healthy.asked'"
judge 'it was not changed' "! grep -q 'SyncUpdates\|RegisterComputer\|ReportEventBatch' '$work/healthy.asked'"
try 'a document' 0 -o "json=$work/said/healthy.report" -o "events=$work/said/healthy.events" "$url"
cp "$work/said/healthy.report" "$work/doc"
states doc 'c["soap GetConfig"]["state"] == "ok" and c["soap GetConfig"]["path"] == "direct"'
states doc 'c["soap GetConfig"]["phases"]["first_byte_ms"] > 0 and not c["soap GetConfig"]["frames"]'
states doc 'not any(f["frames"] for f in d["findings"]) and not d["input"]'
try 'a plugin' 0 --nagios "$url"
judge 'it speaks in a line' "grep -qE '^WSUS OK - [0-9]+ of [0-9]+ checks ok \\| ' '$work/out' && [ \$(wc -l <'$work/out') = 1 ]"
try 'quick' 0 --quick "$url"
judge 'quick leaves out sizes' "! grep -q mtu '$work/out'"
try 'a ticket' 0 --quick -o markdown "$url"
says out '## '
judge 'it lists no captures' "! grep -q '| Capture |' '$work/out'"
try 'a login in the URL' 0 -o text -o "json=$work/doc" "http://probe:geheim@127.0.0.1:$port"
judge 'it is told nowhere' "! grep -q geheim '$work/out' '$work/err' '$work/doc'"

# ---- what is wrong ----
closed=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
try 'a closed port' 1 -o text -o "json=$work/doc" "http://127.0.0.1:$closed"
says out 'does not serve clients'
says out 'connection-refused'
judge 'no frames to look at' "! grep -q 'Look at' '$work/out'"
states doc "c[\"port $closed\"][\"state\"] == \"failed\" and c[\"port $closed\"][\"kind\"] == \"connection-refused\""
states doc 'c["soap GetConfig"]["state"] == "skipped" and "needs" in c["soap GetConfig"]["detail"]'
try 'a failure that does not count' 0 --fail-on never "http://127.0.0.1:$closed"
try 'a plugin, of a closed port' 2 --nagios "http://127.0.0.1:$closed"
judge 'it is critical' "grep -q '^WSUS CRITICAL - port $closed at http://127.0.0.1:$closed: refused' '$work/out'"
try 'a name that is none' 1 -m 20 http://wsus01.invalid:8530
says out 'STOP'
serve faulty --fault GetCookie
try 'a call that fails' 1 -o text -o "json=$work/doc" "http://127.0.0.1:$port"
states doc 'c["soap GetConfig"]["state"] == "ok" and c["soap GetCookie"]["state"] == "failed"'
says out 'STOP  soap GetCookie'

# ---- ways ----
serve proxy --proxy --login probe:geheim
proxy=$port
try 'a proxy that wants a login' 1 --quick -x "http://127.0.0.1:$proxy" "$url"
says out "  via 127.0.0.1:$proxy"
says out 'Of 2 ways one does not serve clients'
says out '(proxy-auth-required)'
try 'the login' 0 --quick -x "http://127.0.0.1:$proxy" -U probe:geheim -o text -o "json=$work/doc" \
	-o "events=$work/events" "$url"
judge 'the login is told nowhere' "! grep -qi 'geheim\|$(printf probe:geheim | base64)' '$work/out' '$work/err' '$work/doc' '$work/events'"
states doc "len([k for k in d[\"checks\"] if k[\"name\"] == \"soap GetConfig\" and k[\"state\"] == \"ok\"]) == 2"
printf 'probe:geheim\r\n' >"$work/login"
try 'the login, in a file' 0 --quick -x "http://127.0.0.1:$proxy" --proxy-user-file "$work/login" "$url"
try 'a proxy of the environment' 0 --quick -x "http://probe:geheim@127.0.0.1:$proxy" "$url"
judge 'its login is told nowhere' "! grep -q geheim '$work/out' '$work/err'"
serve slow --silent
"$wsuscope" probe --quick -m 20 -U probe:geheim -x "http://probe:geheim@127.0.0.1:$proxy" "http://127.0.0.1:$port" \
	>"$work/out" 2>"$work/err" &
probe=$!
sleep 1
tr '\0' ' ' <"/proc/$probe/cmdline" >"$work/shown"
judge 'no list of processes shows a login' "grep -q probe '$work/shown' && ! grep -q geheim '$work/shown'"
began=$SECONDS
kill -INT $probe
wait $probe
judge "Ctrl-C: exit $?, not 4" "[ $? = 4 ]"
judge 'Ctrl-C is heard at once' "[ $((SECONDS - began)) -le 2 ]"
says out 'It was interrupted'
says out 'TARGET'

# ---- TLS ----
if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -days 300 \
		-keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
	serve tls --tls "$work/cert.pem" "$work/key.pem"
	try 'a certificate that nobody knows' 1 --quick -o text -o "json=$work/doc" "https://127.0.0.1:$port"
	says out 'certificate-untrusted'
	states doc 'c["tls handshake"]["state"] == "failed" and c["soap GetConfig"]["state"] == "skipped"'
	states doc 'c["tls handshake"]["kind"] == "certificate-untrusted"'
	try 'going on behind it' 1 --quick -k -o text -o "json=$work/doc" "https://127.0.0.1:$port"
	states doc 'c["tls handshake"]["state"] == "warning" and c["soap GetConfig"]["state"] == "ok"'
	try 'its authority' 0 --quick --fail-on critical --cacert "$work/cert.pem" -o text -o "json=$work/doc" \
		"https://127.0.0.1:$port"
	states doc 'c["tls handshake"]["state"] in ("ok", "warning") and c["soap GetConfig"]["state"] == "ok"'
	judge 'no secret is told' "! grep -q 'CLIENT_RANDOM\|TRAFFIC_SECRET' '$work/out' '$work/err' '$work/doc'"
else
	echo 'skipped: TLS wants openssl'
fi

# ---- again and again ----
serve coming
coming=$last
"$wsuscope" probe --quick --every 1 --count 4 --metrics "$work/metrics" "http://127.0.0.1:$port" \
	>"$work/out" 2>"$work/err" &
probe=$!
sleep 1.6
stop "$coming"
wait $probe
judge 'what it saw last counts' "[ $? = 1 ]"
says out "127.0.0.1:$port serves clients."
judge 'changes are told' "grep -qE '^[0-9:]{8} port $port at http://127.0.0.1:$port: ok -> failed: refused' '$work/out'"
judge 'and only changes' "[ \$(grep -c ' port $port at ' '$work/out') = 1 ]"
judge 'metrics tell the reason' "grep -q 'check=\"$port\".*reason=\"connection-refused\"} 0' '$work/metrics'"
judge 'metrics count rounds' "grep -q '^wsuscope_probe_rounds_total 4' '$work/metrics'"
if command -v curl >/dev/null; then
	"$wsuscope" probe --quick --every 30 --metrics "127.0.0.1:$closed" "$url" >"$work/out" 2>"$work/err" &
	probe=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.5
		curl -s "http://127.0.0.1:$closed/metrics" >"$work/metrics" && [ -s "$work/metrics" ] && break
	done
	judge 'metrics are served' "grep -q 'check=\"GetConfig\".*} 1' '$work/metrics'"
	kill -TERM $probe
	wait $probe
	judge 'a signal ends watching well' "[ $? = 0 ]"
fi

# ---- packets ----
if [ "$(id -u)" = 0 ] && "$wsuscope" probe --quick --capture "$work/own.pcapng" -i lo "$url" >/dev/null 2>&1; then
	try 'packets of a failure' 1 --quick --capture "$work/own.pcapng" -i lo -o text -o "json=$work/said/own.report" \
		-o "events=$work/said/own.events" "http://127.0.0.1:$closed"
	says out 'own.pcapng: '
	says out 'Look at'
	cp "$work/said/own.report" "$work/doc"
	states doc "c[\"port $closed\"][\"frames\"] and c[\"port $closed\"][\"kind\"] == \"connection-refused\""
	states doc "set(d[\"findings\"][0][\"frames\"]) <= set(c[\"port $closed\"][\"frames\"])"
	"$wsuscope" analyze --all "$work/own.pcapng" >"$work/out" 2>"$work/err"
	says out 'connection-refused'
else
	echo 'skipped: recording packets wants the right to'
fi
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 711 "$work"
	setpriv --reuid=65534 --clear-groups --bounding-set=-all "$wsuscope" probe --capture /tmp/none.pcapng "$url" \
		>"$work/out" 2>"$work/err"
	judge 'nobody may record packets' "[ $? = 3 ]"
	says err 'no permission to capture'
fi
"$python" -c 'import jsonschema' 2>/dev/null &&
	judge 'documents and lines fit their schemas' "'$python' tests/schema.py docs/schema '$work/said' >'$work/out'"
told
