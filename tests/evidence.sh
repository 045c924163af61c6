#!/usr/bin/env bash
# Packets that travel: -o evidence, -o annotated and --per-finding: tests/evidence.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
[ -f "$wsuscope" ] || { echo "$wsuscope: no such program"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/judging.bash
capture=pcaps/auth-401-final.pcapng

# run OPTION...: analyze, with what it says in $work.
run() {
	"$wsuscope" analyze --fail-on never "$@" >"$work/out" 2>"$work/err"
	code=$?
}

frames() { "$wsuscope" analyze -q --fail-on never -o json "$1" | grep -o '"frames": [0-9]*' | head -n 1 | tr -cd 0-9; }

# ---- every capture, by itself and by Wireshark's reader ----

mkdir "$work/slices"
python3 tests/evidence.py "$wsuscope" "$work/slices" pcaps/*.pcap* >"$work/out" 2>"$work/err"
judge 'all captures' "[ $? = 0 ]"
grep '^skipped' "$work/out"

# ---- a file for each finding ----

run -q --per-finding "$work/each" -o "json=$work/json" pcaps/squid-407.pcapng "$capture"
judge 'it ends well' "[ $code = 0 ]"
judge 'a file for each' "[ \$(ls '$work/each' | wc -l) = \$(grep -c '\"kind\": \"[a-z-]*\", \"severity\"' '$work/json') ]"
judge 'named after it' "ls '$work/each' | grep -qE '^[0-9]{3}-auth-failed\.pcapng$'"
for file in "$work"/each/*; do
	kind=${file##*/???-} kind=${kind%.pcapng}
	judge "$kind gives itself" "'$wsuscope' analyze -q --fail-on never -o json '$file' | grep -q '\"kind\": \"$kind\"'"
done
run -q --per-finding "$work/each" -o text pcaps/squid-407.pcapng "$capture"
judge 'what is there is not written over' "[ $code = 3 ] && grep -q 'exists already' '$work/err'"
run -q --per-finding "$work/none/at/all" -o text "$capture"
judge 'no folder, no run' "[ $code = 3 ] && [ ! -s '$work/out' ]"

# ---- where packets come from, and go to ----

run -q -o "evidence=$work/a" "$capture"
mkdir "$work/kept"
cat "$capture" | TMPDIR=$work/kept "$wsuscope" analyze -q --fail-on never -o "evidence=$work/b" - 2>"$work/err"
judge 'a pipe is kept for it' "[ \$(frames '$work/a') = \$(frames '$work/b') ] && [ ! -s '$work/err' ]"
judge 'and nothing is left of it' "[ -z \"\$(ls '$work/kept')\" ]"
"$wsuscope" analyze -q --fail-on never -o evidence "$capture" >"$work/c" 2>"$work/err"
judge 'standard output takes it' "cmp -s '$work/a' '$work/c'"
run -q -o evidence -o text "$capture"
judge 'but not with a report' "[ $code = 2 ]"
cp "$capture" "$work/own.pcapng"
run -q -o "evidence=$work/own.pcapng" "$work/own.pcapng"
judge 'a capture is not written over itself' "[ $code = 2 ] && cmp -s '$capture' '$work/own.pcapng'"
run -q -o "evidence=$work/two" -o "annotated=$work/two" "$capture"
judge 'nor one output over another' "[ $code = 2 ]"
cat "$capture" | TMPDIR=/nowhere "$wsuscope" analyze -o "evidence=$work/d" - >"$work/out" 2>"$work/err"
judge 'nowhere to keep it' "[ $? = 3 ]"
says err TMPDIR
[ -e /dev/full ] && {
	run -q -o annotated=/dev/full -o "text=$work/text" "$capture"
	judge 'a full disk is told, and the report is there' "[ $code = 3 ] && [ -s '$work/text' ]"
	says err 'disk is full'
}
run -q --no-sandbox -o "evidence=$work/e" --per-finding "$work/free" "$capture"
judge 'without a sandbox it is the same' "[ $code = 0 ] && cmp -s '$work/a' '$work/e'"
mkdir "$work/many"
for i in $(seq 140); do cp "$capture" "$work/many/$i.pcapng"; done
run -q -o "annotated=$work/f" "$work"/many/*.pcapng
judge 'of many files' "[ $code = 0 ] && [ \$(frames '$work/f') = 2800 ]"

# ---- secrets ----

secret=pcaps/content-over-tls-secrets-inside.pcapng
run -q -o "annotated=$work/g" "$secret"
judge 'secrets are left out' "! grep -qa CLIENT_ "$work/g" && ! grep -qa _TRAFFIC_SECRET '$work/g'"
run -q --reveal -o "annotated=$work/g" "$secret"
judge 'unless they are asked for' "grep -qaE 'CLIENT_RANDOM|_TRAFFIC_SECRET' '$work/g'"

# ---- names in comments ----

run -q -o "annotated=$work/h" -o "evidence=$work/i" "$capture"
judge 'names are masked in comments' "! grep -qaE 'credentials of [A-Z][a-z]+\\\\' '$work/h' '$work/i'"

# ---- who has no file ----

"$wsuscope" capture -i lo -o "evidence=$work/j" >"$work/out" 2>"$work/err"
judge 'a live run says what to do instead' "[ $? = 2 ]"
says err '-w FILE'
"$wsuscope" probe -o "annotated=$work/j" http://127.0.0.1:9 >"$work/out" 2>"$work/err"
judge 'and a probe' "[ $? = 2 ]"
says err '--capture FILE'
told
