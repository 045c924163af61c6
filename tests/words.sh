#!/usr/bin/env bash
# Reports in every language: all messages translated, their formats equal; nothing said that was never marked; text
# reports fit 80 columns.  Usage: tests/words.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.."
binary=${1:-./wsuscope}
brackets=$binary-brackets
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

judge() {
	local what=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "words: $what"
		head -n 40 "$work/said"
	fi
}

# complete FILE: every message has its translation, none of them doubtful.
complete() {
	local said
	said=$(msgfmt --check-format --statistics -o /dev/null "$1" 2>&1) || { echo "$said"; return 1; }
	! grep -E 'untranslated|fuzzy' <<<"$said"
}

if command -v msgfmt >/dev/null; then
	judge 'the template is that of the sources' po/refresh --check
	for po in po/{de,ja,zh_CN}.po; do
		judge "$po is complete" complete "$po"
	done
else
	echo 'skipped: gettext is not installed'
fi

# tell LANG FORMAT CAPTURE: leaves $work/LANG/NAME.FORMAT.
tell() {
	local program=$binary
	[ "$1" != xx ] || program=$brackets
	"$program" analyze -q --fail-on never --severity info --lang "${1/xx/de}" -o "$2=$work/$1/${3##*/}.$2" "$3" ||
		echo "words: no report of $3"
}
export -f tell
export binary brackets work

mkdir "$work"/{xx,de,ja,zh-CN}
shopt -s nullglob
captures=(pcaps/*.pcap pcaps/*.pcapng)
[ ! -x "$brackets" ] || printf '%s\0' "${captures[@]}" |
	xargs -0 -P "$(nproc)" -I{} bash -c 'tell xx json {}; tell xx text {}'
for lang in de ja zh-CN; do
	printf '%s\0' "${captures[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c "tell $lang text {}"
done
count() {
	local said
	said=$(tests/words.py "$@")
	head -n -1 <<<"$said"
	read -r good _ bad _ < <(tail -n 1 <<<"$said")
	passed=$((passed + good)) failed=$((failed + bad))
}
[ ! -x "$brackets" ] || count outside "$work"/xx/*
count fits "$work"/{de,ja,zh-CN}/*
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
