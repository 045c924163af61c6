#!/usr/bin/env bash
# A few captures of the lab, replayed to a live run: live equals saved; needs root and network namespaces.
#
#   tests/live.sh [WSUSCOPE]
#
# All of them, and what may go wrong meanwhile: tests/lab/run-live.sh.
set -u
wsuscope=$(realpath "${1:-./wsuscope}")
here=$(cd "$(dirname "$0")" && pwd)
captures="app-pool-stopped squid-407 certificate-expired name-not-resolved gso-super-packets"

# can: whether all that is needed is there; else why not.
can() {
	local space=live-$$
	[ "$(id -u)" = 0 ] || { echo "needs root" && return 1; }
	for tool in tcpreplay tshark ethtool ip; do
		command -v $tool >/dev/null || { echo "$tool is not installed" && return 1; }
	done
	ip netns add $space 2>/dev/null && ip netns exec $space true 2>/dev/null
	local able=$?
	ip netns delete $space 2>/dev/null
	[ $able = 0 ] || { echo "no network namespace can be made here" && return 1; }
}

why=$(can) || { echo "skipped: live runs: $why" && echo "0 passed, 0 failed" && exit 0; }
files=()
for name in $captures; do
	files+=("$here/../pcaps/$name.pcapng")
done
exec python3 "$here/lab/live-equal.py" "$wsuscope" "${files[@]}"
