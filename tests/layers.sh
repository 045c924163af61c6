#!/usr/bin/env bash
# Who may include whom (docs/architecture.md), proved by grep: tests/layers.sh
set -u
cd "$(dirname "$0")/.."
wrong=0

complain() {
	echo "$1"
	wrong=1
}

# allow FOLDER PATTERN: the only "..." includes a folder may have, besides its own.
allow() {
	local folder=$1 pattern=$2 hits
	hits=$(grep -nE '^#[ \t]*include[ \t]*"' "$folder"/*.[ch] "$folder"/*.def 2>/dev/null |
		grep -vE "include[ \t]*\"($folder/|$pattern)")
	[ -z "$hits" ] || complain "$folder may not include:
$hits"
}

# only PATTERN FOLDERS REGEX: what matches may stand in those folders and no other.
only() {
	local what=$1 folders=$2 hits
	hits=$(grep -nE "$what" {base,capture,facts,decoders,veil,probes,analyzers,twopoint,report,live,guard,screen,cli}/*.[ch] 2>/dev/null |
		grep -vE "^($folders)")
	[ -z "$hits" ] || complain "belongs to $folders alone:
$hits"
}

allow base '$^'
allow capture 'base/'
allow facts 'base/'
allow decoders 'base/|facts/'
allow veil 'base/|facts/|decoders/'
allow probes 'base/|facts/'
allow analyzers 'base/|facts/'
allow twopoint 'base/|facts/|decoders/packet\.h"|analyzers/finding\.h"'
allow report 'base/|facts/|analyzers/(finding|ladder|scan|updates)\.h"|analyzers/findings\.def"|twopoint/trouble\.h"'
allow guard 'base/'
allow live '(base|facts|analyzers|report)/'
allow screen '(base|facts|analyzers|report|live)/'
allow cli '(base|capture|facts|decoders|veil|probes|analyzers|twopoint|report|live|guard|screen)/'

only '#[ \t]*include[ \t]*<(curses|ncurses)' 'screen/'
only '#[ \t]*include[ \t]*<(seccomp|cap-ng|linux/landlock)' 'guard/'
only '#[ \t]*include[ \t]*<microhttpd' 'cli/publish\.c'

only '#[ \t]*include[ \t]*<pcap' 'capture/'
only '#[ \t]*include[ \t]*<curl/' 'probes/'
only '#[ \t]*include[ \t]*<openssl/ssl' 'probes/'
# Besides TLS, one output needs a hash: Community ID is SHA-1 by its specification.
only '#[ \t]*include[ \t]*<openssl/' 'probes/|decoders/|veil/|report/community\.c'
only '#[ \t]*include[ \t]*<(unistd|fcntl|poll|pthread|signal|dirent|netdb|termios|sys/|net/|netinet/|arpa/)' \
	'base/|capture/|probes/|live/|guard/|screen/|cli/'
only '\<stdout\>|\<(puts|putchar) *\(|(^|[^_a-z(])printf *\(' 'report/|cli/'
only '\<stderr\>' 'cli/'
# A proxy script runs in a child, which has to end somewhere.
only '\<(exit|abort|_Exit)[ ]*\(' 'cli/'
only '\<_exit[ ]*\(' 'cli/|probes/pac\.c|guard/keeper\.c|live/judge\.c'

# A header that includes what it does not come from the root breaks for whoever builds elsewhere.
hits=$(grep -nE '^#[ \t]*include[ \t]*"[^/"]*"' {base,capture,facts,decoders,veil,probes,analyzers,twopoint,report,live,guard,screen,cli,tests}/*.[ch] \
	2>/dev/null)
[ -z "$hits" ] || complain "includes start at the root (\"folder/file.h\"):
$hits"
exit $wrong
