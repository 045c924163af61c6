#!/usr/bin/env bash
# The house hand, held to by program: clang-format's opinion of indentation, braces and spaces, but
# columns of tables and remarks are the author's; lines end by column 110; files by line 500.
# Usage: tests/style.sh [IGNORED [FILE...]]
set -u
cd "$(dirname "$0")/.."
command -v clang-format >/dev/null || { echo "skipped: clang-format is not installed"; exit 0; }
[ $# -gt 1 ] && shift && files=("$@")
[ -n "${files:-}" ] || mapfile -t files < <(git ls-files -co --exclude-standard '*.[ch]')
wrong=0

# One-line enums and macros with braces are beyond clang-format 14, which would break each: they
# travel as comments.
protect() {
	sed -E -e 's,^(\t*)(enum[^;{]*\{ .*\};.*)$,\1//\2,' -e 's,^(#define .*[{].*[^\\])$,//\1,' "$1"
}

# Runs of spaces count as one, and lines that go on count as one line: where to break a long
# statement or a table, and how far to indent what follows, is the author's choice.
squeeze() {
	awk '
	function flush() { if (NR > 1) print statement }
	{
		match($0, /^[ \t]*/)
		indent = substr($0, 1, RLENGTH)
		line = substr($0, RLENGTH + 1)
		gsub(/[ \t]+/, " ", line)
		if (line ~ /^\/\/#/) indent = ""
		if (continued || line ~ /^[?:&|] ?/) statement = statement " " line
		else { flush(); statement = indent line }
		if (line ~ /^\/\*.*\*\/$/) next
		sub(/ ?\/\*.*\*\/ *$/, "", line)
		continued = line ~ /(\)\{|[,(+*\/|&?=<>:"\\-]|PRI[a-zA-Z0-9]+)$/ &&
			line !~ /^(#include|case |default|\/\/)/ && line !~ /^[a-z_]+:$/
		if (continued) sub(/ ?\\$/, "", statement)
	}
	END { flush() }' | sed -E 's/\( /(/g'
}

for file in "${files[@]}"; do
	[ -e "$file" ] || continue
	if ! said=$(diff -u --label "$file" --label "$file, formatted" <(protect "$file" | squeeze) \
		<(protect "$file" | clang-format --assume-filename="$file" | squeeze)); then
		printf '%s\n' "$said" | cut -c 1-400
		wrong=1
	fi
	expand -t 8 "$file" | awk -v f="$file" '
		length > 110 { print f ":" NR ": " length " columns"; bad = 1 }
		/[ \t]$/ { print f ":" NR ": space at the end"; bad = 1 }
		END { if (NR > 500) { print f ": " NR " lines"; bad = 1 } exit bad }' || wrong=1
done
exit $wrong
