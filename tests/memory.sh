#!/usr/bin/env bash
# Holds the program to --memory while strangers leave heads, hellos and requests unfinished.
#
#   tests/memory.sh [WSUSCOPE]
#
# MEMORY_COUNT (4000): connections of each kind.  The budget is for the whole process, the program itself within;
# a sanitized one, whose blocks stand in red zones and whose memory has a shadow, may take three times that.
set -u
wsuscope=${1:-./wsuscope}
count=${MEMORY_COUNT:-4000}
here=$(dirname "$0")
passed=0 failed=0
budget=64
most=$budget
grep -q __asan_init "$wsuscope" && most=$((budget * 3))
export ASAN_OPTIONS=quarantine_size_mb=1:thread_local_quarantine_size_kb=64:malloc_context_size=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

check() {
	if [ "$2" = yes ]; then
		passed=$((passed + 1))
	else
		echo "FAIL $1"
		failed=$((failed + 1))
	fi
}

# peak COMMAND...: runs it and tells the most that it held, in MiB.
peak() {
	python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' "$@"
}

for kind in head hello pipeline opening mixed; do
	mib=$(python3 "$here/hostile.py" "$kind" "$count" |
		peak "$wsuscope" analyze -q --fail-on never --memory ${budget}M -o "json=$out/$kind.json" -)
	[ -n "${V:-}" ] && echo "$kind: $mib MiB"
	check "$kind: $mib MiB at --memory ${budget}M, at most $most are allowed" \
		"$([ "$mib" -le $most ] && echo yes)"
	check "$kind: the 503 behind them was not found" \
		"$(grep -q '"service-unavailable"' "$out/$kind.json" && echo yes)"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
