#!/usr/bin/env bash
# The README's example is what the program prints: tests/readme.sh [WSUSCOPE [--write]]
# Between the marks stand a command line ("    $ ./wsuscope ...") and its output, indented by four.
set -u
cd "$(dirname "$0")/.."
wsuscope=${1:-./wsuscope}
command=$(sed -n '/<!-- example/,/<!-- \/example/s/^    \$ \.\/wsuscope \(.*\)/\1/p' README.md)
if [ -z "$command" ] || [ ! -x "$wsuscope" ]; then
	echo "skipped: no example in the README, or no program"
	exit 0
fi
example() {
	echo '<!-- example: what stands here is checked by tests/readme.sh -->'
	printf '    $ ./wsuscope %s\n' "$command"
	# shellcheck disable=SC2086  # the words of the command
	"$wsuscope" $command 2>/dev/null | sed 's/^\(.\)/    \1/'
	echo '<!-- /example -->'
}
if [ "${2:-}" = --write ]; then
	example >README.example
	sed -i -e '/<!-- example/,/<!-- \/example/{/<!-- \/example/r README.example' -e 'd}' README.md
	rm README.example
	exit 0
fi
diff -u --label README.md --label "what it prints" \
	<(sed -n '/<!-- example/,/<!-- \/example/p' README.md | sed '1s/.*/<!-- example -->/') \
	<(example | sed '1s/.*/<!-- example -->/')
