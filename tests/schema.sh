#!/usr/bin/env bash
# Holds -o json and -o events of every shipped capture to the schemas in docs/schema: without keys, and again
# with them where there are some.
#
#   tests/schema.sh [WSUSCOPE]
set -eu
cd "$(dirname "$0")/.."
binary=${1:-./wsuscope}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shopt -s nullglob
good=0 bad=0

# holds CAPTURE [OPTION...]
holds() {
	local capture=$1
	shift
	if "$binary" analyze -q --all --fail-on never -o "json=$work/report" -o "events=$work/events" "$@" "$capture" &&
	   tests/schema.py docs/schema "$work/report" "$work/events"; then
		good=$((good + 1))
	else
		echo "schema: $capture $* does not fit" >&2
		bad=$((bad + 1))
	fi
}

for capture in pcaps/*.pcap pcaps/*.pcapng; do
	holds "$capture"
	keys=${capture%.*}.keys
	[ ! -f "$keys" ] || holds "$capture" --keys "$keys"
	key=${capture%.*}.server-key.pem
	[ ! -f "$key" ] || holds "$capture" --server-key "$key"
done
echo "$good passed, $bad failed"
[ "$bad" = 0 ] && [ "$good" -gt 0 ]
