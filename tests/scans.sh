#!/usr/bin/env bash
# Holds the scans of captures to what they are known to be: the lab's, and real ones where these lie beside the
# tree (their own manifest says what they hold).
#
#   tests/scans.sh [WSUSCOPE]                CAPTURES=DIR says where else they are
set -eu
cd "$(dirname "$0")/.."
binary=${1:-./wsuscope}
captures=${CAPTURES:-../shared/captures/wsus-real}
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 0; }
passed=0 failed=0

# Of each row: who climbs, kind, calls and versions of its scans, and the rungs that are not unseen.
words='.clients[] | [.climber,
	(.scans[] | [.kind, .calls, .agent, .os_build, .server_protocol,
		if .joined then "joined" else empty end, if .complete then empty else "not complete" end] |
		map(select(. != null)) | join(" ")),
	(.ladder | map(select(.state != "unseen") | .rung + " " + .state) | join(", "))] | join("; ")'

# holds FILE TEXT: and no finding above info.
holds() {
	local told loud
	told=$("$binary" analyze -q --fail-on never -o json "$1" | jq -r "$words")
	loud=$("$binary" analyze -q --fail-on never -o json "$1" |
		jq -r '.findings[] | select(.severity != "info") | .kind')
	if [ "$told" = "$2" ] && [ -z "$loud" ]; then
		passed=$((passed + 1))
	else
		printf '%s\n told   %s\n wanted %s\n found  %s\n' "$1" "$told" "$2" "$loud"
		failed=$((failed + 1))
	fi
}

holds pcaps/healthy-two-scans.pcapng "client; delta scan 1 1507.2601.30012.0; \
initial scan 9 1507.2601.30012.0 26200 3.2; name ok, connection ok, tls skipped, config skipped, \
authorization skipped, cookie skipped, registration skipped, sync ok, report ok"
holds pcaps/healthy-downstream-sync.pcapng "downstream server; synchronisation 7 4.0.30319.42000; \
name ok, connection ok, tls skipped, config ok, authorization ok, cookie ok, registration skipped, sync ok, details ok
console or site server; administration 1 4.0.30319.42000; connection ok, tls skipped, authorization ok, sync ok"
holds pcaps/scan-cut-by-capture.pcapng "client; scan 3 1507.2601.30012.0 3.2 not complete; \
name ok, connection ok, tls skipped, config ok, authorization ok, cookie ok"
if [ -d "$captures" ]; then
	holds "$captures/scan-healthy.pcap" "client; category scan 10 1507.2601.30012.0 26200 3.2; \
name skipped, connection ok, tls skipped, config ok, authorization ok, cookie ok, registration ok, sync ok, details ok"
	holds "$captures/flow-sync-extended.pcap" "client; scan 2 1507.2601.30012.0 26200 joined; \
name skipped, connection ok, tls skipped, sync ok, details ok"
else
	echo "skipped: no real captures in $captures"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
