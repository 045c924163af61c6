# What run.sh and run-probes.sh have in common: a network of its own for each scenario, several at a time.

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$LAB/../.." && pwd)
WSUSCOPE=${WSUSCOPE:-$ROOT/wsuscope}
JOBS=${JOBS:-$((2 * $(nproc)))}

die() {
	echo "lab: $*" >&2
	exit 1
}

. "$LAB/net.sh"
. "$LAB/servers.sh"
. "$LAB/certs.sh"
. "$LAB/kerberos.sh"
. "$LAB/agent.sh"

# field FILE KEY: what a scenario's comment line of that key says.
field() { sed -n "s/^# $2: *//p" "$1" | head -n 1; }

# names_in DIRECTORY: names of all its scenarios: those that last longest first.
names_in() {
	local file name
	for file in "$1"/*.sh; do
		name=${file##*/}
		echo "$(field "$file" lasts) ${name%.sh}"
	done | sort -k 1,1nr -k 2 | awk '{ print $NF }'
}

# stage FILE PREFIX: the scenario's functions, in a network that ends with this subshell and whose namespaces
# are named by the prefix.
stage() {
	LAB_ID=$2$BASHPID
	WORK=$(mktemp -d -p "$LAB_RUN")
	chmod 755 "$WORK"
	trap net_down EXIT
	trap 'exit 1' INT TERM
	PAYLOAD_LINES=1000
	unset BASE CLIENT SPACE EDIT POLICY MORE PATIENCE SITE HTTP_BLOCK TLS_VERSIONS TLS_CERT CURL_GLOBAL
	unset SERVER_KEY SECRETS_INSIDE AUTH_REQUIRE SQUID_PORT CLOCK CHAIN FIREWALL
	KEYLOG=$WORK/keys
	# shellcheck source=/dev/null
	. "$1"
	# shellcheck disable=SC2046
	net_up $(field "$1" net)
	wsus_files
	names
	setup
}

# told FUNCTION NAME: runs it; leaves what there is to tell in $LAB_RUN/NAME.told, and .failed if it failed.  Where a
# server aborted (start_minded) it is run again, three times in all.
told() {
	local LAB_DIED=$LAB_RUN/$2.died tries=3
	while ! ("$@"); do
		if ! rm "$LAB_DIED" 2>/dev/null || [ $((--tries)) = 0 ]; then
			touch "$LAB_RUN/$2.failed"
			return
		fi
		echo "$2: a server aborted; again"
	done
} >"$LAB_RUN/$2.told" 2>&1

# for_each FUNCTION NAME...: calls the function with each name, $JOBS at a time, and prints what they tell.
for_each() {
	local function=$1 name
	shift
	for name in "$@"; do
		while [ "$(jobs -pr | wc -l)" -ge "$JOBS" ]; do
			wait -n
		done
		told "$function" "$name" </dev/null &
	done
	wait
	for name in "$@"; do
		cat "$LAB_RUN/$name.told"
		[ ! -e "$LAB_RUN/$name.failed" ] || echo "FAILED $name"
	done
}

# lab_begins: a place for this run, which ends with all that it started.
lab_begins() {
	[ "$(id -u)" = 0 ] || die "network namespaces need root"
	LAB_RUN=$(mktemp -d)
	chmod 755 "$LAB_RUN"
	trap 'rm -rf "$LAB_RUN"' EXIT
	set -m # each scenario leads a process group, and ends with the lab
	trap 'for job in $(jobs -p); do kill -- "-$job"; done; wait; exit 1' INT TERM
}

# lab_ends COUNT: the last line; fails when a scenario did.
lab_ends() {
	local failed
	failed=$(find "$LAB_RUN" -maxdepth 1 -name '*.failed' | wc -l)
	echo "$(($1 - failed)) passed, $failed failed"
	[ "$failed" = 0 ]
}
