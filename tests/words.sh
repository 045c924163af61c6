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

# tell LANG CAPTURE FORMAT...: leaves $work/LANG/NAME.FORMAT.
tell() {
	local lang=$1 capture=$2 program=$binary outputs=() format
	shift 2
	[ "$lang" != xx ] || program=$brackets
	for format; do
		outputs+=(-o "$format=$work/$lang/${capture##*/}.$format")
	done
	"$program" analyze -q --fail-on never --severity info --lang "${lang/xx/de}" "${outputs[@]}" "$capture" ||
		echo "words: no report of $capture"
}
export -f tell
export binary brackets work

mkdir "$work"/{xx,de,ja,zh-CN}
shopt -s nullglob
captures=(pcaps/*.pcap pcaps/*.pcapng)
[ ! -x "$brackets" ] || printf '%s\0' "${captures[@]}" |
	xargs -0 -P "$(nproc)" -I{} bash -c 'tell xx {} json text markdown html csv csv-clients'
for lang in de ja zh-CN; do
	printf '%s\0' "${captures[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c "tell $lang {} text"
done

# compared LANG NAME ARGUMENT...: the same of two captures.
compared() {
	local lang=$1 name=$2 program=$binary outputs=() format
	shift 2
	[ "$lang" != xx ] || program=$brackets
	for format in text json markdown; do
		outputs+=(-o "$format=$work/$lang/$name.$format")
	done
	"$program" compare -q --fail-on never --severity info --lang "${lang/xx/de}" "${outputs[@]}" "$@" ||
		echo "words: no comparison of $name"
	[ "$lang" = xx ] || rm "$work/$lang/$name".{json,markdown}
}
for lang in xx de ja zh-CN; do
	[ $lang != xx ] || [ -x "$brackets" ] || continue
	for near in pcaps/pairs/*-client.pcapng; do
		name=${near##*/}
		compared $lang "pair-${name%-client.pcapng}" --same-time "$near" "${near%client.pcapng}server.pcapng"
	done
	compared $lang fixed pcaps/squid-407.pcapng pcaps/healthy-through-proxy.pcapng
	compared $lang broke pcaps/healthy-through-proxy.pcapng pcaps/squid-407.pcapng
	compared $lang stayed pcaps/squid-407.pcapng pcaps/squid-407.pcapng
	compared $lang others pcaps/squid-407.pcapng pcaps/apache-dns-fail.pcapng
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
