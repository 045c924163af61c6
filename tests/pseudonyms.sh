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

# A name in a header that nothing touches, as bodies begin and end by it.
python3 - >"$work/left.pcap" <<'END'
import struct, sys
def frame(client, seq, ack, flags, data=b""):
    a, b, p, q = bytes([10, 9, 0, 1]), bytes([10, 9, 0, 2]), 40001, 8530
    if not client:
        a, b, p, q = b, a, q, p
    tcp = struct.pack("!HHIIBBHHH", p, q, seq, ack, 80, flags, 65535, 0, 0) + data
    ip = struct.pack("!BBHHHBBH", 69, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + a + b + tcp
    return struct.pack("<IIII", 1773136800, 0, len(ip), len(ip)) + ip
ask = b"GET /x HTTP/1.1\r\nHost: kestrelhq.example\r\nExpect: kestrelhq\r\n\r\n"
sys.stdout.buffer.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101) + frame(1, 9, 0, 2) +
    frame(0, 99, 10, 18) + frame(1, 10, 100, 16) + frame(1, 10, 100, 24, ask))
END
"$wsuscope" analyze -q --fail-on never --pseudonyms -o "annotated=$work/left.pcapng" "$work/left.pcap" 2>"$work/err"
judge 'what is left is told, with what to delete, and ends with 4' \
	"[ $? = 4 ] && grep -q 'DO NOT SHARE' '$work/err' && grep -q 'delete.*$work/left.pcapng' '$work/err'"
told
