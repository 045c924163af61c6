#!/usr/bin/env bash
# Runs `wsuscope probe` against the lab's servers and checks what it tells; needs root.
#
#   tests/lab/run-probes.sh [SCENARIO...]      all when none is named
#
# A scenario is a file in probes/: comment lines that say what it is, and setup(), which scene NAME takes
# from a scenario of the captures.
#   # story: what is wrong, one line         # how: how the lab makes it
#   # net: WORD...                           see net.sh                # alone     nothing else runs meanwhile
#   # lasts: SECONDS                         of one that waits for long: it plays beside all the others
#   # probe: ARGUMENT...                     as the shell reads them; several are run one after the other,
#                                            and the lines below are about the one before them
#   # expect: KIND[|KIND] [FIELD=VALUE...]   a finding that is due    # allow: KIND...   that may be there
#   # check: RUNG[/NAME] STATE [WORDS]       a check that is due ("_" for blanks), with these words;
#                                            "via WORD:" before them: through such a proxy
#   # sound: RUNG...                         no check failed or warns, and these rungs have some that are ok
#   # says: WORDS                            standard output has them; it is no JSON then
#   # hides: WORD                            no output has it
#   # exit: N                                1 where a finding is an error, else 0, unless told
#   # within: SECONDS                        "+SECONDS": than the probe before     # memory: MIB    at most
#   # frames                                 findings and checks that failed name theirs
#   # valgrind: TOOL                         under it, no descriptor stays open; "memcheck": nor memory
# No other finding may be above info.  afterwards(), where there is one, looks at what is left.
#
# Without names it also looks whether every kind that probes can raise is due somewhere.
# WSUSCOPE names the program; JOBS scenarios play at a time.
set -u
. "$(dirname "$0")/lab.sh"
. "$LAB/probed.sh"
REQUIRE_SSL=yes
HTTP=http://$WSUS_NAME:8530
HTTPS=https://$WSUS_NAME:8531
PROXY=http://proxy.corp.example:3128

# scene NAME: setup() is that of scenarios/NAME.sh.
scene() { . "$LAB/scenarios/$1.sh"; }

play() {
	local file=$LAB/probes/$1.sh line number=0 failed=0
	[ -e "$file" ] || die "no scenario $1"
	stage "$file" wp
	CA=$WORK/tls/ca.pem
	export LAB_ID WORK
	while read -r line; do
		number=$((number + 1))
		eval "set -- $line"
		inside client python3 "$LAB/probe.py" "$file" "$number" "$WSUSCOPE" probe "$@" || failed=1
	done < <(sed -n 's/^# probe: *//p' "$file")
	if declare -F afterwards >/dev/null; then
		afterwards || failed=1
	fi
	[ -z "${KEEP:-}" ] || cp -r "$WORK" "$KEEP"
	exit $failed
}

main() {
	local names=() alone=() name
	lab_begins
	[ $# -gt 0 ] || { all=1 && set -- $(names_in "$LAB/probes"); }
	for name in "$@"; do
		if grep -q '^# alone' "$LAB/probes/$name.sh"; then
			alone+=("$name")
		else
			names+=("$name")
		fi
	done
	for_each play "${names[@]}"
	JOBS=1 for_each play "${alone[@]}"
	[ -z "${all:-}" ] || python3 "$LAB/probe.py" kinds "$LAB" || touch "$LAB_RUN/kinds.failed"
	lab_ends $#
}

main "$@"
