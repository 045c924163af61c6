#!/usr/bin/env bash
# Holds the committed captures to the findings that their scenarios state.
#
#   tests/lab/check-pcaps.sh [WSUSCOPE [SCENARIO...]]
#
# Needs neither root nor the servers.  PCAPS names another directory of captures.
set -u
LAB=$(cd "$(dirname "$0")" && pwd)
PCAPS=${PCAPS:-$LAB/../../pcaps}
wsuscope=${1:-$LAB/../../wsuscope}
[ $# -gt 0 ] && shift
all=
[ $# -gt 0 ] || { all=1; set -- $(cd "$LAB/scenarios" && ls | sed 's/\.sh$//'); }
passed=0 failed=0

verdict() {
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

for name in "$@"; do
	scenario=$LAB/scenarios/$name.sh
	options=$(sed -n 's/^# analyze: *//p' "$scenario")
	# shellcheck disable=SC2086
	"$wsuscope" analyze -q --fail-on never -o json $options "$PCAPS/$name.pcapng" |
		python3 "$LAB/check.py" "$scenario"
	verdict $?
done
if [ "$all" ]; then
	for pcap in "$PCAPS"/*.pcapng; do
		name=${pcap##*/}
		[ -e "$LAB/scenarios/${name%.pcapng}.sh" ] || { echo "$name: no scenario made it"; verdict 1; }
	done
	echo "$passed passed, $failed failed"
fi
[ "$failed" = 0 ]
