#!/usr/bin/env bash
# Records the same traffic at two places, in the lab's network, and checks what wsuscope says of both; needs root.
#
#   tests/lab/run-pairs.sh [SCENARIO...]      all when none is named
#
# A scenario is a file in pairs/: setup() and traffic() as in scenarios/, and comment lines:
#   # story: what is wrong, one line         # how: how the lab makes it
#   # taps: SPACE DEVICE SPACE DEVICE        clients' side, servers' side; client eth0 server eth0 unless told
#   # net: WORD...                           see net.sh
#   # clock: SECONDS                         the server side's clock is set by so much afterwards
#   # expect: KIND                           a finding above info that is due; none: none may be there
#   # also: KIND                             one of info that is due
#   # lost: client|server FILTER             tshark counts so many more there than at the other, as the finding says
#   # says: EXPRESSION                       that the verdict holds (grep -E)
#
# Recorded by dumpcap, so that none of this rests on our own recorder.  WSUSCOPE names the program, PAIRS the
# directory to write to.
set -u
. "$(dirname "$0")/lab.sh"
PAIRS=${PAIRS:-$ROOT/pcaps/pairs}

# recorder_at SPACE DEVICE FILE: starts one, and returns once it records.
recorder_at() {
	ip netns exec "$LAB_ID-$1" dumpcap -q -i "$2" -w "$3" >"$3.log" 2>&1 &
	recorders+=($!)
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		grep -qs '^File:' "$3.log" && return
		sleep 0.1
	done
	die "dumpcap does not start: $(cat "$3.log")"
}

play() {
	local name=$1 file=$LAB/pairs/$1.sh near near_device far far_device shift recorders=()
	[ -e "$file" ] || die "no scenario $name"
	stage "$file" wp
	read -r near near_device far far_device <<<"$(field "$file" taps)"
	recorder_at "${near:-client}" "${near_device:-eth0}" "$WORK/near"
	recorder_at "${far:-server}" "${far_device:-eth0}" "$WORK/far"
	traffic
	sleep 0.6
	kill -INT "${recorders[@]}"
	wait "${recorders[@]}"
	shift=$(field "$file" clock)
	mv "$WORK/near" "$PAIRS/$name-client.pcapng"
	if [ -n "$shift" ]; then
		editcap -t "$shift" "$WORK/far" "$PAIRS/$name-server.pcapng"
	else
		mv "$WORK/far" "$PAIRS/$name-server.pcapng"
	fi
}

recorded() { (play "$1") && PAIRS=$PAIRS "$ROOT/tests/sametime.sh" "$WSUSCOPE" "$1"; }

main() {
	lab_begins
	mkdir -p "$PAIRS"
	[ $# -gt 0 ] || set -- $(names_in "$LAB/pairs")
	for_each recorded "$@"
	python3 "$LAB/table.py" "$LAB/pairs" >"$PAIRS/README.md"
	lab_ends $#
}

main "$@"
