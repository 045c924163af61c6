#!/usr/bin/env bash
# wsuscope compare BEFORE AFTER: tests/compare.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
[ -f "$wsuscope" ] || { echo "$wsuscope: no such program"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/judging.bash
bad=pcaps/squid-407.pcapng good=pcaps/healthy-through-proxy.pcapng

# run BEFORE AFTER [OPTION...]: compare, with what it says in $work.
run() {
	"$wsuscope" compare -q "$@" >"$work/out" 2>"$work/err"
	code=$?
}

run "$bad" "$bad"
judge 'what stays fails' "[ $code = 1 ]"
says out 'still fails'
says out stayed
run "$bad" "$bad" --fail-on never
judge 'unless it may' "[ $code = 0 ]"
run "$good" "$good"
judge 'nothing failed' "[ $code = 0 ]"
says out 'No client failed, neither before nor after.'
run "$good" "$bad"
judge 'what is new fails' "[ $code = 1 ]"
says out 'new: '
run "$bad" "$good"
says out 'fixed'
judge 'what is fixed does not fail' "[ $code = 0 ]"
silent err

# ---- a report says the same as its capture ----

"$wsuscope" analyze -q --fail-on never -o "json=$work/bad.json" "$bad"
gzip -k "$work/bad.json"
run "$bad" "$good" -o json
sed 's/"file": "[^"]*"/"file": ""/' "$work/out" >"$work/capture"
for report in "$work/bad.json" "$work/bad.json.gz"; do
	run "$report" "$good" -o json
	sed 's/"file": "[^"]*"/"file": ""/' "$work/out" >"$work/report"
	judge "as ${report##*/}" "cmp '$work/capture' '$work/report'"
done
cat >"$work/check.py" <<'END'
import json, sys
import jsonschema
jsonschema.Draft7Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))
END
judge 'JSON is of its schema' \
	"python3 '$work/check.py' docs/schema/compare.schema.json '$work/report' >'$work/out' 2>'$work/err'"
run "$bad" "$good" -o "markdown=$work/ticket"
judge 'a ticket' "grep -q '^## ' '$work/ticket'"
cat "$bad" | "$wsuscope" compare -q --fail-on never - "$bad" >"$work/out" 2>"$work/err"
judge 'standard input' "[ $? = 0 ]"

# ---- what is no report ----

# refuse NAME TEXT WORDS: TEXT in the place of a report.
refuse() {
	printf '%s' "$2" >"$work/$1.json"
	run "$work/$1.json" "$good"
	judge "$1" "[ $code = 3 ]"
	says err "$3"
}

refuse broken-off '{"schema": "wsuscope/1"' 'breaks off'
refuse something-else '{"a": 1}' 'no report of wsuscope'
refuse twice '{"schema": "wsuscope/1", "schema": "wsuscope/1"}' 'stands twice'
refuse lacking '{"schema": "wsuscope/1"}' 'is missing'
refuse deep "{\"a\": $(printf '[%.0s' {1..5000})" 'cannot be read as JSON'
refuse text 'hello' 'text.json'
head -c 300 "$work/bad.json.gz" >"$work/cut.json.gz"
run "$work/cut.json.gz" "$good"
judge 'a packed report that breaks off' "[ $code = 3 ] || [ $code = 4 ]"
run "$work/nothing" "$good"
judge 'no such file' "[ $code = 3 ] && [ \$(wc -l <'$work/err') = 1 ]"
run "$work/bad.json" "$work"
judge 'a folder' "[ $code = 3 ]"

# ---- what is asked wrongly ----

run "$bad"
judge 'one alone' "[ $code = 2 ]"
run "$bad" "$good" "$good"
judge 'three' "[ $code = 2 ]"
run "$bad" "$good" -o html
judge 'a page' "[ $code = 2 ]"
says err 'text, json and markdown'
told
