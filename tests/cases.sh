#!/usr/bin/env bash
# Every case of the field is answered, by a capture that raises a finding or by an explanation:
# tests/cases.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.."
wsuscope=${1:-./wsuscope}
if [ ! -x "$wsuscope" ]; then
	echo "skipped: no program"
	exit 0
fi
python3 tests/cases.py "$wsuscope" "${FACTS:-../shared/knowledge/failure-facts.md}"
