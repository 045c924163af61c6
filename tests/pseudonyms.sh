#!/usr/bin/env bash
# Nothing of the capture is left under --pseudonyms, by tshark's reading of it: tests/pseudonyms.sh [WSUSCOPE]
# Captures of each kind of traffic; EVERY=1 takes all of pcaps/, and public ones of logins and updates that are not
# in this tree (ten minutes).  JOBS=N at once.
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
public=${CAPTURES:-../shared/captures/public}
if [ -n "${EVERY:-}" ]; then
	captures=(pcaps/*.pcapng)
	if [ -f "$public/MANIFEST.tsv" ]; then
		while IFS=$'\t' read -r file _ _ category _; do
			case $category in http-auth | winupdate) captures+=("$public/$file") ;; esac
		done <"$public/MANIFEST.tsv"
	else
		echo "without public captures: $public is not here"
	fi
fi
python3 tests/pseudonyms.py "$wsuscope" "$work" "${captures[@]}" >"$work/out" 2>&1
judge 'nothing is left, nothing is lost' "[ $? = 0 ]"
grep -v ' 0 with' "$work/out" | head -n 40

# The check of the program itself can fail: an output's own name says whom the capture is of.
"$wsuscope" analyze -q --fail-on never --pseudonyms -o "text=$work/t" pcaps/healthy-scan.pcapng 2>"$work/err"
judge 'a clean copy is told as such' "[ $? = 0 ] && ! grep -q 'DO NOT SHARE' '$work/err'"
told
