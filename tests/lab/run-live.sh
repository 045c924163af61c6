#!/usr/bin/env bash
# Runs `wsuscope capture` on segments of its own and checks what it tells there; needs root.
#
#   tests/lab/run-live.sh [PART...]      all when none is named: equal, faults, soak
#
#   equal    live equals saved, for captures of the lab that are replayed (live-equal.py)
#   faults   full disks, interfaces that go, readers that stop, signals, floods (live-faults.py)
#   soak     SOAK_SECONDS (60) of everything at once (soak.sh)
#
# WSUSCOPE names the program, BENCH_TOOLS where the bench's programs lie; EVERY (1): equal takes every so manyth
# capture.  Ends with "N passed, M failed".
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export WSUSCOPE=${WSUSCOPE:-$root/wsuscope}
export BENCH_TOOLS=${BENCH_TOOLS:-$root/build/${CC:-cc}/release/bench}
passed=0 failed=0

[ "$(id -u)" = 0 ] || { echo "run-live.sh: needs root" >&2 && exit 1; }
for tool in tcpreplay tshark ethtool jq; do
	command -v $tool >/dev/null || { echo "run-live.sh: needs $tool" >&2 && exit 1; }
done

part() {
	case $1 in
	equal) python3 "$here/live-equal.py" "$WSUSCOPE" $(ls "$root"/pcaps/*.pcapng | awk "NR % ${EVERY:-1} == 0") ;;
	faults) python3 "$here/live-faults.py" "$WSUSCOPE" ;;
	soak) "$here/soak.sh" "${SOAK_SECONDS:-60}" ;;
	*) echo "run-live.sh: no part $1" >&2 && return 2 ;;
	esac
}

[ $# -gt 0 ] || set -- equal faults soak
for name in "$@"; do
	echo "== $name"
	since=$SECONDS
	told=$(part "$name" 2>&1)
	code=$?
	read -r p f <<<"$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' <<<"$told")"
	[ "$code" = 0 ] || [ "${f:-0}" != 0 ] || f=1
	[ "${f:-0}" = 0 ] || echo "$told"
	echo "   ${p:-0} passed, $((SECONDS - since)) s"
	passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
