#!/usr/bin/env bash
# Holds the committed captures to the findings that their scenarios state.
#
#   tests/lab/check-pcaps.sh [WSUSCOPE [SCENARIO...]]
#
# A capture with keys beside it (NAME.keys, NAME.server-key.pem) is held to them without and with each.
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

# judge NAME [keys [OPTION...]]: what analyze says of a capture, against its scenario.
judge() {
	local name=$1 keys=${2:-} scenario=$LAB/scenarios/$1.sh options
	shift "$(($# > 1 ? 2 : 1))"
	options=$(sed -n 's/^# analyze: *//p' "$scenario")
	# shellcheck disable=SC2086
	"$wsuscope" analyze -q --fail-on never -o json $options "$@" "$PCAPS/$name.pcapng" |
		python3 "$LAB/check.py" "$scenario" $keys
	verdict $?
}

for name in "$@"; do
	judge "$name"
	for keys in keys server-key.pem; do
		[ ! -e "$PCAPS/$name.$keys" ] || judge "$name" keys "--${keys%.pem}" "$PCAPS/$name.$keys"
	done
done
if [ "$all" ]; then
	for file in "$PCAPS"/*.pcapng "$PCAPS"/*.keys "$PCAPS"/*.pem; do
		name=${file##*/}
		[ ! -e "$file" ] || [ -e "$LAB/scenarios/${name%%.*}.sh" ] ||
			{ echo "$name: no scenario made it"; verdict 1; }
	done
	echo "$passed passed, $failed failed"
fi
[ "$failed" = 0 ]
