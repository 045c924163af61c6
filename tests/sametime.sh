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
		"$PAIRS/$name-server.pcapng" | python3 tests/sametime.py "tests/lab/pairs/$name.sh"
	verdict $?
done
[ -z "$all" ] || echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
