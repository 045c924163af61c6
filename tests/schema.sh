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
bad=0

# tell NAME CAPTURE [OPTION...]: leaves $work/NAME.report and $work/NAME.events.
tell() {
	local to=$work/$1
	shift
	"$binary" analyze -q --all --fail-on never -o "json=$to.report" -o "events=$to.events" "$@" && return
	echo "schema: no report of $*" >&2
	rm -f "$to".*
	bad=$((bad + 1))
}

for capture in pcaps/*.pcap pcaps/*.pcapng; do
	name=${capture##*/}
	tell "$name" "$capture"
	keys=${capture%.*}.keys
	[ ! -f "$keys" ] || tell "$name-with-keys" --keys "$keys" "$capture"
	key=${capture%.*}.server-key.pem
	[ ! -f "$key" ] || tell "$name-with-server-key" --server-key "$key" "$capture"
done
counted=$(tests/schema.py docs/schema "$work") && [ "$bad" = 0 ] && code=0 || code=1
read -r good misfits <<<"$(tail -n 1 <<<"$counted")"
head -n -1 <<<"$counted" >&2
echo "$good passed, $((bad + misfits)) failed"
[ "$code" = 0 ] && [ "$good" -gt 0 ]
