#!/usr/bin/env bash
# Metrics as Prometheus fetches them, of a sealed run in a network of its own: tests/metrics.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
if [ "${2:-}" != inside ]; then
	for tool in unshare ip curl python3; do
		command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 0; }
	done
	unshare --net ip link set lo up 2>/dev/null || { echo 'skipped: no network of its own to be had'; exit 0; }
	exec unshare --net -- "$0" "$wsuscope" inside
fi
ip link set lo up
python=$(command -v /usr/bin/python3 || command -v python3)
work=$(mktemp -d)
started=()
trap 'kill "${started[@]}" 2>/dev/null; rm -rf "$work"' EXIT
. tests/judging.bash
port=9530 update=8530

fetch() { curl -s -m 5 -o "$work/page" -w '%{http_code}' "$@"; }

tells() { await 10 "fetch 'http://127.0.0.1:$port/metrics' >/dev/null && grep -qE '$1' '$work/page'"; }

begin() {
	"$wsuscope" capture -i lo -q -o text=/dev/null "$@" >"$work/out" 2>"$work/err" </dev/null &
	capture=$!
	started+=("$capture")
}

finish() {
	kill -TERM "$capture"
	wait "$capture"
	status=$?
}

"$python" tests/updatepoint.py "$update" >/dev/null 2>&1 &
started+=("$!")

# ---- a port ----
begin --metrics "127.0.0.1:$port" -w "$work/rec.pcapng"
judge 'they are served' "await 10 '[ \"\$(fetch http://127.0.0.1:$port/metrics)\" = 200 ]'"
if ! kill -0 "$capture" 2>/dev/null; then
	echo "skipped: nothing can be captured here: $(head -n 1 "$work/err")"
	exit 0
fi
judge 'by those who read packets without rights' "tells '^wsuscope_sandboxed 1'"
for call in GetConfig GetCookie; do
	curl -s -m 5 -o /dev/null -H 'Content-Type: text/xml' -H "SOAPAction: \"http://x/$call\"" -d '<x/>' \
		"http://127.0.0.1:$update/ClientWebService/client.asmx"
done
judge 'exchanges are counted' "tells '^wsuscope_exchanges_total.* [1-9]'"
judge 'of that server' "tells '^wsuscope_server_exchanges_total.server=\"127.0.0.1:$update\".* [1-9]'"
judge 'packets are' "tells '^wsuscope_received_packets_total.interface=\"lo\". [1-9]'"
judge 'what is recorded is' "tells '^wsuscope_recorded_packets_total [1-9]'"
judge 'memory is told' "tells '^process_resident_memory_bytes [1-9][0-9]{6}'"
judge 'descriptors are' "tells '^process_open_fds [1-9]'"
judge 'a judgement follows' "tells '^wsuscope_judgement_duration_seconds_count [1-9]'"
"$python" tests/exposition.py "$work/page" >"$work/said"
judge 'a library of others reads them' "[ $? = 0 ] || [ ! -s '$work/said' ]"
judge 'there is no other page' "[ \$(fetch http://127.0.0.1:$port/other) = 404 ]"
judge 'and nothing to be told' "[ \$(fetch -d x=1 http://127.0.0.1:$port/metrics) = 405 ]"
finish
judge "it ends well: $status" "[ $status -le 1 ]"

# ---- a file ----
begin --metrics "$work/wsuscope.prom"
judge 'a file is written' "await 10 'grep -q ^wsuscope_sandboxed \"$work/wsuscope.prom\" 2>/dev/null'"
before=$(stat -c %i "$work/wsuscope.prom")
judge 'and replaced as a whole' "await 10 '[ \$(stat -c %i \"$work/wsuscope.prom\") != $before ]'"
finish
judge "it ends well: $status" "[ $status -le 1 ]"
judge 'nothing is left beside it' "[ ! -e '$work/wsuscope.prom.new' ]"

begin --metrics "$work/nowhere/wsuscope.prom"
judge 'where no file can be made, no run begins' "await 10 '! kill -0 $capture 2>/dev/null'"
finish 2>/dev/null
judge "and the status tells: $status" "[ $status = 3 ]"

# ---- places ----
begin --metrics "127.0.0.1:$update"
wait "$capture"
judge 'a port that is taken is told' "grep -q 'Address already in use' '$work/err'"

told
