#!/usr/bin/env bash
# Lets `wsuscope capture` run under mixed load with faults, and holds it to its memory; needs root.
#
#   tests/lab/soak.sh [SECONDS]         1800 unless told
#
# WSUSCOPE names the program, BENCH_TOOLS where the bench's programs lie.  See live-soak.py.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export BENCH_TOOLS=${BENCH_TOOLS:-$root/build/${CC:-cc}/release/bench}
exec python3 "$here/live-soak.py" "${WSUSCOPE:-$root/wsuscope}" "${1:-1800}"
