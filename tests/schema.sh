#!/usr/bin/env bash
# Holds -o json and -o events of every shipped capture to the schemas in docs/schema.
#
#   tests/schema.sh [WSUSCOPE]
set -eu
cd "$(dirname "$0")/.."
binary=${1:-./wsuscope}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shopt -s nullglob
good=0 bad=0
for capture in pcaps/*.pcap pcaps/*.pcapng; do
	if "$binary" analyze -q --all --fail-on never -o "json=$work/report" -o "events=$work/events" "$capture" &&
	   tests/schema.py docs/schema "$work/report" "$work/events"; then
		good=$((good + 1))
	else
		echo "schema: $capture does not fit" >&2
		bad=$((bad + 1))
	fi
done
echo "$good passed, $bad failed"
[ "$bad" = 0 ] && [ "$good" -gt 0 ]
