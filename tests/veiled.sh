#!/usr/bin/env bash
# analyze --pseudonyms: keys, inputs, outputs, what is refused: tests/veiled.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
[ -f "$wsuscope" ] || { echo "$wsuscope: no such program"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/judging.bash
capture=pcaps/app-pool-stopped.pcapng
names='corp|wsus01|198\.51\.100\.10|app-pool'

# veiled NAME OPTIONS...: the report and the capture of that name.
veiled() {
	local name=$1
	shift
	"$wsuscope" analyze --pseudonyms --color never -o "text=$work/$name.txt" \
		-o "annotated=$work/$name.pcapng" "$@" >"$work/out" 2>"$work/err"
	code=$?
	judge "$name: the findings are those of the capture" "[ $code = 1 ]"
	judge "$name: none is lost, none is new" "! grep -q 'a finding is' '$work/err'"
	judge "$name: what was replaced is counted" "grep -q 'pseudonyms stand for .* names.* addresses' '$work/err'"
	judge "$name: the report tells no name" "! grep -qiE '$names' '$work/$name.txt'"
	judge "$name: nor does the capture" "! grep -qaiE '$names|linux' '$work/$name.pcapng'"
}

head -c 32 /dev/urandom >"$work/key"
head -c 8 /dev/urandom >"$work/short"
veiled first --pseudonym-key "$work/key" "$capture"
veiled second --pseudonym-key "$work/key" - <"$capture"
veiled other "$capture"
veiled expected --sup wsus01.corp.example:8530 --client 192.0.2.0/24 "$capture"
judge 'one key gives one capture' "cmp -s '$work/first.pcapng' '$work/second.pcapng'"
judge 'two keys give two' "! cmp -s '$work/first.pcapng' '$work/other.pcapng'"

"$wsuscope" analyze --color never "$work/first.pcapng" >"$work/again"
sed -i 's/^capture-1:/first.pcapng:/' "$work/first.txt"
judge 'whoever gets the capture reads the same report' "cmp -s '$work/first.txt' '$work/again'"

# run COMMAND...: what is refused says what to do instead.
run() {
	"$wsuscope" "$@" >"$work/out" 2>"$work/err"
	code=$?
}

for command in 'capture -i lo' 'watch -i lo' 'probe 192.0.2.1'; do
	run $command --pseudonyms
	judge "$command takes no pseudonyms" "[ $code = 2 ]"
	says err 'then analyze --pseudonyms'
done
run analyze --pseudonyms --pseudonym-key "$work/none" "$capture"
judge 'a key that is not there' "[ $code = 3 ]"
says err 'head -c 32 /dev/urandom'
run analyze --pseudonyms --pseudonym-key "$work/short" "$capture"
judge 'a key that can be guessed' "[ $code = 3 ]"
says err '16 bytes'
told
