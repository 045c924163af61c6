#!/usr/bin/env bash
# docs/findings.md and docs/codes.md are what the program says: tests/docs.sh [WSUSCOPE [--write]]
set -u
cd "$(dirname "$0")/.."
wsuscope=${1:-./wsuscope}
if [ ! -x "$wsuscope" ]; then
	echo "skipped: no program"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
for page in findings codes; do
	if ! python3 tests/docs.py $page "$wsuscope" >"$work/$page.md"; then
		failed=$((failed + 1))
		continue
	fi
	if [ "${2:-}" = --write ]; then
		cp "$work/$page.md" "docs/$page.md"
		continue
	fi
	if diff -u --label "docs/$page.md" --label "what the program says" "docs/$page.md" "$work/$page.md" |
		head -n 40 | grep .; then
		echo "docs/$page.md is old: make docs"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
