#!/usr/bin/env bash
# Nothing of the capture is left under --pseudonyms, by tshark's reading of it: tests/pseudonyms.sh [WSUSCOPE]
# EVERY=1 takes every capture of pcaps/ (a quarter of an hour), else those of each kind of traffic.
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
[ -f "$wsuscope" ] || { echo "$wsuscope: no such program"; exit 1; }
command -v tshark >/dev/null || { echo 'skipped: no tshark'; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/judging.bash

names='healthy-scan healthy-scan-tls12 healthy-scan-tls healthy-tls-key-update client-certificate-directory-cbc
	certificate-wrong-name squid-407-ntlm-ok squid-connect-negotiate-ok squid-407-wrong-password
	api-negotiate-ok name-not-resolved healthy-management-point lossy-path-tls healthy-tls10'
captures=()
for name in $names; do captures+=("pcaps/$name.pcapng"); done
[ -z "${EVERY:-}" ] || captures=(pcaps/*.pcapng)
python3 tests/pseudonyms.py "$wsuscope" "$work" "${captures[@]}" >"$work/out" 2>&1
judge 'nothing is left, nothing is lost' "[ $? = 0 ]"
grep -v ' 0 with' "$work/out" | head -n 40

# The check of the program itself can fail: an output's own name says whom the capture is of.
"$wsuscope" analyze -q --fail-on never --pseudonyms -o "text=$work/t" pcaps/healthy-scan.pcapng 2>"$work/err"
judge 'a clean copy is told as such' "[ $? = 0 ] && ! grep -q 'DO NOT SHARE' '$work/err'"
told
