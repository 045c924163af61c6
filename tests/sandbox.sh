#!/usr/bin/env bash
# What a whole run may still do while it decodes, as the kernel tells it: tests/sandbox.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
[ -f "$wsuscope" ] || { echo "$wsuscope: no such program"; exit 1; }
capture=$PWD/pcaps/admin-api-denied.pcapng
work=$(mktemp -d)
chmod 711 "$work"
running=
trap '[ -z "$running" ] || kill -KILL $running 2>/dev/null; rm -rf "$work"' EXIT
. tests/judging.bash

# field PID NAME: a line of its status, blanks as one.
field() {
	awk -v name="$2:" '$1 == name { $1 = ""; print substr($0, 2) }' "/proc/$1/status" 2>/dev/null
}

is_sealed() {
	[ "$(field "$1" Seccomp_filters)" -gt "$ours" ] 2>/dev/null
}

# Whoever runs this may be in a sandbox already.
ours=$(field self Seccomp_filters)
[ -n "$ours" ] || { echo 'skipped: this kernel does not tell of filters of system calls'; exit 0; }
none=0000000000000000

# ---- analyze ----

"$wsuscope" analyze -q -o "json=$work/full" "$capture" 2>"$work/err"
"$wsuscope" analyze -q --no-sandbox -o "json=$work/off" "$capture" 2>"$work/err"
judge 'a report tells of the sandbox' "grep -qE '\"sandbox\": \{ \"state\": \"(full|partial)\"' '$work/full'"
judge 'and that it is off' "grep -q '\"sandbox\": { \"state\": \"off\"' '$work/off'"
judge 'it says so unasked' "'$wsuscope' analyze --no-sandbox '$capture' 2>&1 >/dev/null | grep -q -e --no-sandbox"
judge 'findings are the same' "cmp -s <(grep -v '\"sandbox\"' '$work/full') <(grep -v '\"sandbox\"' '$work/off')"

# Waiting for more of its input, it is as it is while it decodes.
mkfifo "$work/pipe"
"$wsuscope" analyze -q - <"$work/pipe" >"$work/out" 2>"$work/err" &
running=$!
exec 7>"$work/pipe"
head -c 4000 "$capture" >&7
judge 'it is sealed before it has read all' "await 20 'is_sealed $running'"
judge 'no new privileges' "[ '$(field $running NoNewPrivs)' = 1 ]"
for set in CapPrm CapEff CapInh CapAmb; do
	judge "$set" "[ '$(field $running $set)' = $none ]"
done
[ "$(id -u)" != 0 ] || judge 'CapBnd' "[ '$(field $running CapBnd)' = $none ]"
tail -c +4001 "$capture" >&7
exec 7>&-
wait "$running"
judge 'it ends as ever' "[ $? = 1 ]"
running=

# Of more files than are kept open some are opened once more; these may be read, although root has become less.
mkdir "$work/many"
for i in $(seq 140); do cp "$capture" "$work/many/$i.pcapng"; done
[ "$(id -u)" != 0 ] || { chown 65534 "$work"/many/*; chmod 600 "$work"/many/*; }
"$wsuscope" analyze -q --fail-on never -o "json=$work/many.json" "$work"/many/*.pcapng 2>"$work/err"
judge 'many files are read' "[ $? = 0 ] && [ \$(grep -c '\"cut\": false' '$work/many.json') = 140 ]"

# Names of a filter are looked up before; times, certificates and digests need no file.
"$wsuscope" analyze --fail-on never -f 'host localhost or port http or port 8530' -o "events=$work/events" "$capture" \
	2>"$work/err"
judge 'a filter with names' "[ $? = 0 ] && grep -q 8530 '$work/events'"

# Leaks are looked for where nothing forbids it.
for other in pcaps/*-tls12.pcapng "$capture"; do
	"$wsuscope" analyze --no-sandbox --fail-on never -q "$other" >"$work/out" 2>"$work/err"
	judge "nothing leaks of ${other##*/}" "[ $? = 0 ]"
done

# ---- capture ----

"$wsuscope" capture -i lo -Z no-such-user-here >"$work/out" 2>"$work/err"
code=$?
if grep -q 'no permission' "$work/err"; then
	echo 'skipped: capturing wants the right to'
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
	exit
fi
judge 'a user that is none' "[ $code = 2 ] && grep -q no-such-user-here '$work/err'"

# Root without a user to become says so, once.
if [ "$(id -u)" = 0 ] && ! id wsuscope >"$work/out" 2>&1; then
	"$wsuscope" capture -i lo -a duration:1 >"$work/out" 2>"$work/err"
	judge 'it says that it is still root' "[ \$(grep -c 'still root.*-Z USER' '$work/err') = 1 ]"
	"$wsuscope" capture -q -i lo -a duration:1 >"$work/out" 2>"$work/err"
	judge 'and nothing where it is to be quiet' "! grep -q 'still root' '$work/err'"
	"$wsuscope" capture -i lo -Z nobody -a duration:1 >"$work/out" 2>"$work/err"
	judge 'nor when it is not' "! grep -q 'still root' '$work/err'"
fi

become=() uid=$(id -u)
[ "$uid" != 0 ] || { become=(-Z nobody) uid=$(id -u nobody); }
: >"$work/err"         # nothing of before says that this one has begun
"$wsuscope" capture -i lo --only-filter 'udp port 9' -w "$work/c.pcapng" -b packets:1 "${become[@]}" \
	-o "events=$work/live.events" -o text="$work/text" >"$work/out" 2>"$work/err" &
running=$!
judge 'it begins' "await 30 'grep -q Capturing \"$work/err\"'"
[ "$failed" = 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
judge 'it is another user' "[ '$(field $running Uid)' = '$uid $uid $uid $uid' ]"
[ "$(id -u)" != 0 ] || judge 'it is of no group' "[ -z '$(field $running Groups)' ]"
for set in CapPrm CapEff CapInh CapAmb; do
	judge "capture: $set" "[ '$(field $running $set)' = $none ]"
done
[ "$(id -u)" != 0 ] || judge 'capture: CapBnd' "[ '$(field $running CapBnd)' = $none ]"
judge 'capture: no new privileges' "[ '$(field $running NoNewPrivs)' = 1 ]"
judge 'all its threads are sealed' \
	"! cat /proc/$running/task/*/status | awk '/^Seccomp_filters:/ && \$2 <= $ours { bad = 1 } END { exit !bad }'"
keeper=$(for p in $(cat /proc/$running/task/$running/children); do
	[ "$(cat /proc/$p/comm)" != wsuscope-keeper ] || echo "$p"
done)
judge 'there is a keeper of files' "[ -n '$keeper' ]"
judge 'it is sealed, too' "is_sealed '$keeper' && [ '$(field "$keeper" NoNewPrivs)' = 1 ]"
[ "$(id -u)" != 0 ] || judge 'it keeps one capability' "[ '$(field "$keeper" CapEff)' = 0000000000000002 ]"
judge 'it holds no socket but the line' "[ \$(ls -l /proc/$keeper/fd | grep -c socket:) = 1 ]"

# Files that are named are made by the keeper, though this user could not.
for i in 1 2 3; do
	echo x >"/dev/udp/127.0.0.1/9"
	sleep 0.3
done 2>/dev/null
judge 'files of the ring are made' "await 10 '[ \$(ls \"$work\"/c_*.pcapng 2>&- | wc -l) -ge 2 ]'"
mv "$work/live.events" "$work/moved.events"
kill -HUP "$running"
judge 'logs are made anew' "await 10 '[ -e \"$work/live.events\" ]'"
kill -TERM "$running"
wait "$running"
judge 'it ends well' "[ $? = 0 ]"
running=
judge 'so does its keeper' "await 5 '! kill -0 $keeper 2>/dev/null'"
for file in "$work"/c_*.pcapng; do
	"$wsuscope" analyze -q --fail-on never "$file" >"$work/out" 2>"$work/err"
	judge "$file is whole" "[ $? = 0 ]"
done

# One that is killed takes its keeper along.
"$wsuscope" capture -q -i lo --only-filter 'udp port 9' -w "$work/k.pcapng" "${become[@]}" >"$work/out" 2>"$work/err" &
running=$!
await 30 "is_sealed $running"
keeper=$(cat /proc/$running/task/$running/children)
keeper=${keeper%% *}
kill -KILL "$running"
wait "$running" 2>/dev/null
running=
judge 'a killed run leaves no keeper' "[ -n '$keeper' ] && await 5 '! kill -0 $keeper 2>/dev/null'"

told
