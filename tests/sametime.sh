#!/usr/bin/env bash
# Holds pairs of captures of the same traffic to what their scenarios state (tests/lab/run-pairs.sh).
#
#   tests/sametime.sh [WSUSCOPE [SCENARIO...]]      PAIRS names another directory of captures
set -u
cd "$(dirname "$0")/.."
PAIRS=${PAIRS:-pcaps/pairs}
wsuscope=${1:-./wsuscope}
[ $# -gt 0 ] && shift
all=
[ $# -gt 0 ] || { all=1; set -- $(cd tests/lab/pairs && ls | sed 's/\.sh$//'); }
passed=0 failed=0

verdict() {
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

for name in "$@"; do
	"$wsuscope" compare --same-time -q --fail-on never -o json "$PAIRS/$name-client.pcapng" \
		"$PAIRS/$name-server.pcapng" | python3 tests/sametime.py "tests/lab/pairs/$name.sh" "$PAIRS/$name"
	verdict $?
done

# ends STATUS WORDS ARGUMENT...: compare --same-time ends so, and says that.
ends() {
	local status=$1 words=$2 said code
	shift 2
	said=$("$wsuscope" compare --same-time "$@" 2>&1)
	code=$?
	[ "$code" = "$status" ] && grep -q "$words" <<<"$said"
	verdict $?
	[ "$code" = "$status" ] || echo "$*: status $code, not $status"
}

# Which side is which shows in what passes both, or in who asks through a proxy.
for name in "$@"; do
	sides=("$PAIRS/$name-client.pcapng" "$PAIRS/$name-server.pcapng")
	cmp -s <("$wsuscope" compare --same-time -q -o markdown "${sides[0]}" "${sides[1]}") \
		<("$wsuscope" compare --same-time -q -o markdown "${sides[1]}" "${sides[0]}")
	status=$?
	verdict $status
	[ $status = 0 ] || echo "$name: other words when the sides are given the other way round"
done

if [ "$all" ]; then
	ends 0 'healthy-client.pcapng is taken as the clients' "$PAIRS/healthy-server.pcapng" "$PAIRS/healthy-client.pcapng"
	ends 3 'share no packet' "$PAIRS/healthy-client.pcapng" "$PAIRS/range-removed-server.pcapng"
	ends 3 'no such file\|No such file' "$PAIRS/healthy-client.pcapng" "$PAIRS/absent.pcapng"
	ends 2 'two captures' "$PAIRS/healthy-client.pcapng"
	ends 2 'text, json and markdown' -o csv "$PAIRS/healthy-client.pcapng" "$PAIRS/healthy-server.pcapng"
	ends 1 'dropped-between' -o markdown "$PAIRS/port-dropped-client.pcapng" "$PAIRS/port-dropped-server.pcapng"
fi
[ -z "$all" ] || echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
