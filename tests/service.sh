#!/usr/bin/env bash
# The service as systemd sees it, and as it runs with the one right that it has: tests/service.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
[ -x "$wsuscope" ] || { echo 'skipped: no program'; exit 0; }
work=$(mktemp -d)
children=()
trap 'kill "${children[@]}" 2>/dev/null; rm -rf "$work"' EXIT
. tests/judging.bash

# try NAME STATUS ARGUMENT...
try() {
	local name=$1 wanted=$2 status
	shift 2
	timeout 60 "$wsuscope" capture "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	judge "$name: exit $status, not $wanted" "[ $status = $wanted ]"
}

# ---- what is installed ----
cp "$wsuscope" "$work/wsuscope"
sed "s,/usr/bin/wsuscope,$work/wsuscope," service/wsuscope.service >"$work/wsuscope.service"
if command -v systemd-analyze >/dev/null; then
	systemd-analyze verify --man=no "$work/wsuscope.service" >"$work/out" 2>"$work/err"
	judge 'the unit is right' "[ $? = 0 ] && ! [ -s '$work/err' ]"
	# Exposure, in tenths; docs/service.md tells what the rest is.
	systemd-analyze security --offline=yes --threshold=17 "$work/wsuscope.service" >"$work/out" 2>"$work/err"
	judge 'the unit exposes little' "[ $? = 0 ]"
	judge 'the manual tells how little' "grep -qF \"\$(sed -n 's/.*exposure level for [^ ]*: \([0-9.]*\).*/\1/p' '$work/out')\" docs/service.md"
else
	echo 'skipped: systemd-analyze is not installed'
fi
if command -v systemd-sysusers >/dev/null; then
	systemd-sysusers --dry-run --inline "$(grep -v '^#' service/sysusers/wsuscope.conf)" >"$work/out" 2>&1
	judge 'the user is right' "[ $? = 0 ]"
fi
if [ -x wsuscope ]; then
	for time in first second; do # the second time, a configuration is there
		MAKEFLAGS='' make -s -o all install DESTDIR="$work/root" PREFIX=/opt/x SYSCONFDIR=/opt/etc \
			>"$work/out" 2>"$work/err"
		judge "installing, the $time time" "[ $? = 0 ]"
		echo '# mine' >>"$work/root/opt/etc/wsuscope/wsuscope.conf"
	done
	judge 'a configuration that is there stays' "[ \$(grep -c mine '$work/root/opt/etc/wsuscope/wsuscope.conf') = 2 ]"
	starts='ExecStart=/opt/x/bin/wsuscope capture --config /opt/etc/wsuscope/wsuscope.conf'
	judge 'the unit names the places' "grep -qx '$starts' '$work/root/opt/x/lib/systemd/system/wsuscope.service'"
else
	echo 'skipped: installing: there is no ./wsuscope (make)'
fi

# ---- alerts ----
for metric in $(grep -oh 'wsuscope_[a-z_]*' service/prometheus-rules.yml docs/service.md | sort -u); do
	judge "docs/metrics.md knows $metric" "grep -q '^| .${metric%_bucket}. ' docs/metrics.md"
done
if command -v promtool >/dev/null; then
	promtool check rules service/prometheus-rules.yml >"$work/out" 2>"$work/err"
	judge 'the rules are right' "[ $? = 0 ]"
fi

# ---- configuration ----
try 'the example wants an interface' 2 --config service/wsuscope.conf --test-config
says err 'interface'
mkdir "$work/state"
sed -e 's/^#interface = .*/interface = lo/' -e "s,/var/lib/wsuscope,$work/state," service/wsuscope.conf >"$work/lo.conf"
try 'the example is good' 0 --config "$work/lo.conf" --test-config
judge 'it says so' "[ \"\$(cat '$work/out')\" = '$work/lo.conf: good' ]"
try 'it is dumped' 0 --config "$work/lo.conf" --dump-config
cp "$work/out" "$work/dumped.conf"
try 'the dump is good' 0 --config "$work/dumped.conf" --test-config
try 'the dump is dumped' 0 --config "$work/dumped.conf" --dump-config
judge 'both are one' "cmp '$work/out' '$work/dumped.conf'"
try 'an argument overrides it' 0 --config "$work/lo.conf" --dump-config --memory 64M -i eth9
says out 'memory = 64M'
judge 'a list is begun anew' "! grep -qx 'interface = lo' '$work/out'"
echo 'interfaces = lo' >"$work/bad.conf"
try 'a wrong line' 2 --config "$work/bad.conf" --test-config
says err "$work/bad.conf:1: interfaces: no such option"
try 'no file' 3 --config "$work/none.conf" --test-config
try 'an interface that is not there is a warning' 0 --test-config -i none-such
says err 'none-such'

# ---- as the unit runs it: an ordinary user with CAP_NET_RAW, and a manager that listens ----
runs_as() {
	exec unshare -n sh -c 'ip link set lo up; exec "$@"' sh setpriv --reuid=65534 --regid=65534 --clear-groups \
		--inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw --bounding-set=-all,+net_raw --no-new-privs "$@"
}

why=
[ "$(id -u)" = 0 ] && (runs_as true) 2>"$work/err" || why='no root, namespaces or setpriv here'
command -v python3 >/dev/null || why='python3 is not installed'
if [ -n "$why" ]; then
	echo "skipped: the run as a service: $why"
else
	chmod 711 "$work"
	chown 65534:65534 "$work/state"
	python3 tests/manager.py "$work/notify" >"$work/heard" &
	children+=($!)
	for _ in $(seq 50); do [ -S "$work/notify" ] && break; sleep 0.1; done
	chmod 777 "$work/notify"
	chmod 644 "$work/lo.conf"
	# heard WORD: within 20 s
	heard() {
		for _ in $(seq 200); do grep -q "$1" "$work/heard" && return; sleep 0.1; done
		return 1
	}
	# said FIELD of the program's own status
	said() { sed -n "s/^$1:[ \t]*//p" "/proc/$run/status"; }

	NOTIFY_SOCKET=$work/notify WATCHDOG_USEC=2000000 runs_as "$work/wsuscope" capture --config "$work/lo.conf" \
		--metrics "$work/state/x.prom" -o text -o events="$work/state/events" >"$work/out" 2>"$work/err" &
	run=$!
	children+=("$run")
	judge 'it is ready' 'heard READY=1'
	judge 'it is the main process that says so' "[ \"\$(sed -n '/READY/,/from/s/^from //p' '$work/heard')\" = $run ]"
	judge 'it is the user still' "[ \"\$(said Uid | cut -f 1-3 | tr '\t' ' ')\" = '65534 65534 65534' ]"
	for set in CapInh CapPrm CapEff CapAmb; do
		judge "nothing is left in $set" "[ \"\$(said $set)\" = 0000000000000000 ]"
	done
	judge 'no new privileges' '[ "$(said NoNewPrivs)" = 1 ]'
	judge 'system calls are filtered' '[ "$(said Seccomp)" = 2 ]'
	judge 'the watchdog is fed' 'heard WATCHDOG=1'
	kill -HUP "$run"
	judge 'it reloads' 'heard RELOADING=1 && heard MONOTONIC_USEC='
	sleep 1
	judge 'it is ready again' "[ \$(grep -c READY=1 '$work/heard') = 2 ]"
	before=$(grep -c WATCHDOG=1 "$work/heard")
	kill -STOP "$run"
	sleep 2.5
	judge 'a run that stands still feeds no watchdog' "[ \$(grep -c WATCHDOG=1 '$work/heard') -le \$(($before + 1)) ]"
	kill -CONT "$run"
	kill -TERM "$run"
	judge 'it tells that it stops' 'heard STOPPING=1'
	wait "$run"
	judge "it ends with $?" "[ $? = 0 ]"
	judge 'nobody stays behind' "! pgrep -f '^$work/wsuscope capture' >/dev/null"

	# The configuration as it is shipped, with a journal that listens where journald would.
	timeout 90 unshare -mn bash -c '
		mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal || exit 9
		ip link set lo up
		python3 tests/manager.py /run/systemd/journal/socket >"$1/journal" &
		journal=$!
		while [ ! -S /run/systemd/journal/socket ]; do sleep 0.1; done
		chmod 777 /run/systemd/journal/socket
		setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw \
			--bounding-set=-all,+net_raw --no-new-privs "$1/wsuscope" capture --config "$1/lo.conf" &
		run=$!
		sleep 2
		(exec 3<>/dev/tcp/127.0.0.1/8530) 2>/dev/null
		for _ in $(seq 50); do grep -aq WORD=raised "$1/journal" && break; sleep 1; done
		sleep 2 # numbers come once a second
		exec 3<>/dev/tcp/127.0.0.1/9530 && printf "GET /metrics HTTP/1.0\r\n\r\n" >&3 && timeout 5 cat <&3 >"$1/metrics"
		kill "$run"
		wait "$run"
		status=$?
		kill "$journal"
		exit $status' _ "$work" >"$work/out" 2>"$work/err"
	judge "as shipped it ends with $?" "[ $? = 0 ]"
	judge 'the journal hears of a finding' "grep -aqx WSUSCOPE_KIND=connection-refused '$work/journal'"
	judge 'so does Prometheus' "grep -q '^wsuscope_findings_open{kind=\"connection-refused\"' '$work/metrics'"
	judge 'the evidence is recorded' \
		"'$wsuscope' analyze '$work'/state/evidence*20[2-9]*.pcapng 2>'$work/err' | grep -q connection-refused"
fi

told
