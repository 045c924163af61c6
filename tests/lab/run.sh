#!/usr/bin/env bash
# Records the lab's captures and checks what wsuscope says of them; needs root.
#
#   tests/lab/run.sh [SCENARIO...]      all when none is named
#
# A scenario is a file in scenarios/: comment lines that say what it is, setup() and traffic().
#   # story: what is wrong, one line         # how: how the lab makes it
#   # tap: SPACE [DEVICE]                    where it is recorded; client eth0 unless told
#   # filter: EXPRESSION                     what is recorded, in tcpdump's words
#   # net: WORD...                           trunk, mirror, offload, ipv6 (see net.sh)
#   # expect: KIND[|KIND] [FIELD=VALUE...]   a finding that is due    # allow: KIND   one that may be there
#   # expect-keys:, allow-keys: the same when keys are given; without them as expect, allow; "none" for nothing
#   # analyze: OPTION...                     options for wsuscope analyze
#   # lasts: SECONDS                         of one that waits for long: it plays beside all the others
#   # twin: KIND...                          near to captures of these findings, and raises none above info
#
# Beside the capture lies NAME.keys where a client wrote a key log ($KEYLOG); SECRETS_INSIDE puts it into the
# capture.  SERVER_KEY is a key that is kept as NAME.server-key.pem: it serves one run of the lab.
#
# WSUSCOPE names the program, PCAPS the directory to write to; CAPTURE=tcpdump records without wsuscope.
# JOBS scenarios (twice as many as processors, as they mostly wait) play at a time, each in a network of its own.
set -u
. "$(dirname "$0")/lab.sh"
PCAPS=${PCAPS:-$ROOT/pcaps}

# Starts recording and returns once packets are being seen.
record_start() {
	local space=$1 device=$2 file=$3 filter=$4
	# Not through inside(): a signal has to reach the recorder itself.
	case ${CAPTURE:-wsuscope} in
	tcpdump)
		ip netns exec "$LAB_ID-$space" tcpdump -q -n -U --immediate-mode -i "$device" -w "$file" \
			"$filter" 2>"$WORK/capture.log" &
		;;
	*)
		ip netns exec "$LAB_ID-$space" "$WSUSCOPE" capture -q -i "$device" -w "$file" \
			${filter:+-f "$filter"} >"$WORK/capture.log" 2>&1 &
		;;
	esac
	recorder=$!
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		[ ! -s "$file" ] || break
		sleep 0.1
	done
	[ -s "$file" ] || die "recording does not start: $(cat "$WORK/capture.log")"
	sleep 0.3
}

record_stop() {
	sleep 0.6
	kill -INT "$recorder"
	wait "$recorder"
}

# Keeps the key log of a scenario's clients, each line once, and what else opens its capture.
keep_keys() {
	rm -f "$PCAPS/$1.keys" "$PCAPS/$1.server-key.pem"
	[ ! -s "$KEYLOG" ] || awk 'NF == 3 && !seen[$0]++' "$KEYLOG" >"$PCAPS/$1.keys"
	[ -s "$PCAPS/$1.keys" ] || rm -f "$PCAPS/$1.keys"
	[ -z "${SECRETS_INSIDE:-}" ] || secrets_inside "$PCAPS/$1"
	[ -z "${SERVER_KEY:-}" ] || cp "$SERVER_KEY" "$PCAPS/$1.server-key.pem"
}

# Moves the key log of a capture into it, as Wireshark's and dumpcap's writers can.
secrets_inside() {
	editcap --inject-secrets "tls,$1.keys" "$1.pcapng" "$WORK/with-secrets" 2>"$WORK/editcap.log" ||
		die "$(cat "$WORK/editcap.log")"
	mv "$WORK/with-secrets" "$1.pcapng"
	rm "$1.keys"
}

# One scenario from bare namespaces to a checked capture; runs in a subshell.
play() {
	local name=$1 file=$LAB/scenarios/$1.sh space device raw
	[ -e "$file" ] || die "no scenario $name"
	stage "$file" wl
	read -r space device <<<"$(field "$file" tap)"
	raw=$WORK/raw
	record_start "${space:-client}" "${device:-eth0}" "$raw" "$(field "$file" filter)"
	traffic
	record_stop
	if [ "${CAPTURE:-wsuscope}" = tcpdump ]; then
		editcap -F pcapng "$raw" "$PCAPS/$name.pcapng"
	else
		mv "$raw" "$PCAPS/$name.pcapng"
	fi
	keep_keys "$name"
	[ -z "${KEEP:-}" ] || cp -r "$WORK" "$KEEP"
}

# Plays and checks a scenario.
recorded() { (play "$1") && "$LAB/check-pcaps.sh" "$WSUSCOPE" "$1"; }

main() {
	lab_begins
	mkdir -p "$PCAPS"
	[ $# -gt 0 ] || set -- $(names_in "$LAB/scenarios")
	for_each recorded "$@"
	python3 "$LAB/table.py" "$LAB/scenarios" >"$PCAPS/README.md"
	lab_ends $#
}

main "$@"
