#!/usr/bin/env bash
# wsuscope watch as somebody before a terminal sees it: tests/watch.sh [WSUSCOPE]
# tmux is the terminal; what stands on it is what is checked.
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
capture=pcaps/fifty-clients.pcapng
command -v tmux >/dev/null || { echo "skipped: tmux is not installed"; exit 0; }
work=$(mktemp -d)
export TMUX_TMPDIR=$work LC_ALL=C.UTF-8
unset TMUX NO_COLOR
passed=0 failed=0

terminal() { tmux -f /dev/null -L watch "$@"; }
trap 'terminal kill-server 2>/dev/null; rm -rf "$work"' EXIT

# begin WIDTH HEIGHT COMMAND: a terminal with a shell that runs it.
begin() {
	terminal kill-server 2>/dev/null
	sleep 0.2
	terminal new-session -d -x "$1" -y "$2" -s w "PS1='shell> ' bash --norc --noprofile" \; set status off
	terminal resize-window -t w -x "$1" -y "$2"
	keys "$3" Enter
}

keys() { terminal send-keys -t w "$@"; }
screen() { terminal capture-pane -p -t w "$@"; }

# sees NAME TEXT [CAPTURE-OPTION...]: the text comes within some seconds.
sees() {
	local name=$1 text=$2
	shift 2
	for _ in $(seq 100); do
		screen "$@" >"$work/screen"
		if grep -qF -- "$text" "$work/screen"; then
			passed=$((passed + 1))
			return
		fi
		sleep 0.1
	done
	failed=$((failed + 1))
	echo "FAILED $name: '$text' is not on the screen:"
	cat "$work/screen"
}

# misses NAME TEXT: it is not there, now.
misses() {
	screen >"$work/screen"
	if grep -qF -- "$2" "$work/screen"; then
		failed=$((failed + 1))
		echo "FAILED $1: '$2' is on the screen:"
		cat "$work/screen"
	else
		passed=$((passed + 1))
	fi
}

# ends NAME: the shell is back on a terminal as it was.
ends() {
	keys 'clear; stty -a | tr " ;" "\n\n" | grep -cxE "icanon|echo|icrnl|onlcr"' Enter
	sees "$1: the terminal's modes" '4'
	sees "$1: the shell" 'shell>'
}

replay="'$wsuscope' watch --pace 100 -r $capture"

# ---- 80 columns, 24 rows ----
begin 80 24 "$replay; echo status \$?"
sees 'who stops where' '12 of 50'
sees 'the rungs' 'STOP at config 4, connection 3'
sees 'columns' 'name conn tls  conf auth cook reg  sync info rep  file'
sees 'a row' '192.0.2.53          .    STOP .'
sees 'colours' $'\033[31m' -e
keys Tab
sees 'servers' '198.51.100.10:8530'
sees 'statuses' '2xx  3xx  4xx  5xx none'
keys 3
sees 'findings' 'connection-unanswered'
keys Down Enter
sees 'a finding' 'Do next'
keys Escape 1 / 192.0.2.61 Enter Enter
sees 'a ladder' 'RUNG           IS'
sees 'a call flow' '│ connect ─'
keys Escape
sees 'a filter' 'CLIENTS (1/50)'
misses 'a filter' '192.0.2.53 '
keys Escape Space
sees 'frozen' 'FROZEN'
keys Space '?'
sees 'help' 'freezes what is shown'
keys Escape End
sees 'the end of a list' '192.0.2.68'

# ---- other sizes, while it runs ----
terminal resize-window -t w -x 120 -y 40
sees '120 columns' 'wsus01.corp.example:8530 via the pr'
terminal resize-window -t w -x 40 -y 10
sees '40 columns' 'HOW FAR'
sees '40 columns, 10 rows' '? help q quit'
terminal resize-window -t w -x 5 -y 3
terminal resize-window -t w -x 80 -y 24
sees 'as before' 'clients STOP at'
keys q
sees 'the report' 'Not judged or set aside'
sees 'its status' 'status 1'
ends 'q'

# ---- other terminals ----
begin 80 24 "TERM=vt100 LC_ALL=C $replay"
sees 'vt100' '12 of 50'
keys / 192.0.2.61 Enter Enter
sees 'lines of ASCII' '| connect --'
misses 'lines of ASCII' '│'
keys C-c
ends 'Ctrl-C on vt100'
begin 80 24 "NO_COLOR=1 $replay"
sees 'no colour' 'STOP at config 4'
screen -e >"$work/screen"
if grep -q $'\033\\[[0-9;]*3[1-7]m' "$work/screen"; then
	failed=$((failed + 1))
	echo "FAILED NO_COLOR: colours are on the screen"
else
	passed=$((passed + 1))
fi
keys q
ends 'q without colour'
begin 80 24 "TERM=dumb $replay; echo status \$?"
sees 'a terminal that cannot' 'TERM=dumb cannot be drawn on'
sees 'a terminal that cannot' 'status 2'

# ---- ways out ----
watcher() { pgrep -o -P "$(terminal list-panes -t w -F '#{pane_pid}')"; }
for signal in TERM SEGV QUIT; do
	begin 80 24 "ulimit -c 0; $replay >$work/out"
	sees "SIG$signal" '12 of 50'
	kill -$signal "$(watcher)"
	sees "SIG$signal: the shell" 'shell>'
	ends "SIG$signal"
done
begin 80 24 "$replay"
sees 'the terminal goes away' '12 of 50'
process=$(watcher)
terminal kill-server
for _ in $(seq 50); do
	kill -0 "$process" 2>/dev/null || break
	sleep 0.1
done
if kill -0 "$process" 2>/dev/null; then
	failed=$((failed + 1))
	echo "FAILED the terminal goes away: the process stays"
	kill -9 "$process"
else
	passed=$((passed + 1))
fi

# ---- usage ----
for arguments in '' '-i lo -r x' '-r x y' '-i lo --pace 2'; do
	# shellcheck disable=SC2086
	"$wsuscope" watch $arguments </dev/null >"$work/out" 2>"$work/err"
	if [ $? = 2 ] && [ ! -s "$work/out" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED watch $arguments"
		cat "$work/err"
	fi
done
if "$wsuscope" watch -r $capture </dev/null 2>&1 | grep -q 'no terminal\|cannot be drawn on'; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	echo "FAILED without a terminal"
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
