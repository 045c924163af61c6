#!/usr/bin/env bash
# Tickets, tables and HTTP archives, read by others: by Python's csv, cmark-gfm, the published schema of HAR and
# LibreOffice's import: tests/tables.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
[ -f "$wsuscope" ] || { echo "$wsuscope: no such program"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/judging.bash
touch "$work/out" "$work/err"

# ---- all captures ----

# tell CAPTURE: leaves NAME.md and the others in $work/all.
tell() {
	local name=$work/all/${1##*/} keys=()
	[ ! -f "${1%.*}.keys" ] || keys=(--keys "${1%.*}.keys")
	"$wsuscope" analyze -q --all --fail-on never "${keys[@]}" -o "markdown=$name.md" -o "csv=$name.csv" \
		-o "csv-clients=$name.clients.csv" -o "csv-exchanges=$name.exchanges.csv" -o "har=$name.har" "$1" ||
		echo "tables: no report of $1"
}
export -f tell
export wsuscope work
mkdir "$work/all"
python3 tests/tables.py hostile "$work/hostile.pcap"
printf '%s\0' pcaps/*.pcap* "$work/hostile.pcap" | xargs -0 -P "$(nproc)" -I{} bash -c 'tell {}' >"$work/out"
judge 'reports of all' "! grep -q '^tables' '$work/out'"

schemas=
if command -v npm >/dev/null && cp tests/har/package.json tests/har/.npmrc "$work" &&
	(cd "$work" && timeout 120 npm install >npm.log 2>&1); then
	schemas=$work/node_modules/har-schema/lib
else
	echo 'skipped: the schema of HTTP archives, which npm has'
fi
command -v cmark-gfm >/dev/null || echo 'skipped: cmark-gfm is not installed'
python3 tests/tables.py check "$work/all" "$schemas" >"$work/out" 2>"$work/err"
read -r good bad < <(tail -n 1 "$work/out")
[ "${bad:-1}" = 0 ] || head -n 40 "$work/out" "$work/err"
passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-1}))

# ---- a spreadsheet ----

office=$(command -v soffice || command -v libreoffice || true)
if [ -n "$office" ]; then
	mkdir "$work/sheets"
	for name in hostile.pcap auth-401-final.pcapng; do
		cp "$work/all/$name".*csv "$work/sheets"
	done
	# 44: comma, 34: quote, 76: UTF-8; texts in quotes stay texts, as the import asks when it is done by hand.
	HOME=$work timeout 300 "$office" --headless --convert-to fods --infilter='CSV:44,34,76,1,,0,false,true' \
		--outdir "$work/sheets" "$work"/sheets/*.csv >"$work/out" 2>"$work/err"
	for table in "$work"/sheets/*.csv; do
		rows=$(($(wc -l <"$table") - 1))
		judge "LibreOffice reads ${table##*/}" \
			"[ \"\$(python3 tests/tables.py sheet '${table%.csv}.fods' 2>&1 | tee '$work/err')\" = $rows ]"
	done
else
	echo 'skipped: LibreOffice is not installed'
fi

# ---- all of it, and what cannot be ----

"$wsuscope" analyze -q --fail-on never -o "all=$work/case" pcaps/auth-401-final.pcapng >"$work/out" 2>"$work/err"
judge 'all is four files' "[ -s '$work/case.txt' ] && [ -s '$work/case.json' ] && [ -s '$work/case.html' ] &&
	[ -s '$work/case.evidence.pcapng' ] && [ ! -s '$work/out' ]"
"$wsuscope" analyze -q -o all pcaps/auth-401-final.pcapng >"$work/out" 2>"$work/err"
judge 'all wants a name' "[ $? = 2 ]"
"$wsuscope" analyze -q -o all=a -o all=b pcaps/auth-401-final.pcapng >"$work/out" 2>"$work/err"
judge 'all once' "[ $? = 2 ]"
"$wsuscope" analyze -q -o slides pcaps/auth-401-final.pcapng >"$work/out" 2>"$work/err"
judge 'no such format' "[ $? = 2 ]"
says err csv-exchanges
"$wsuscope" capture -q -i lo -o har >"$work/out" 2>"$work/err"
judge 'an archive is not written live' "[ $? = 2 ]"
says err 'record it (-w FILE)'
told
