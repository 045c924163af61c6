#!/usr/bin/env bash
# Holds the calls that wsuscope reads to what is known of captures of real clients and update points, where these
# lie beside the tree: every call with its method and service, both envelopes whole, nothing odd in them.
#
#   tests/agree-soap.sh [WSUSCOPE]           CAPTURES=DIR says where else they are
set -eu
cd "$(dirname "$0")/.."
binary=${1:-./wsuscope}
captures=${CAPTURES:-../shared/captures/wsus-real}
if [ ! -f "$captures/MANIFEST.tsv" ]; then
	echo "skipped: no captures to agree with in $captures"
	exit 0
fi
passed=0 failed=0

# Of each capture: its name, and its calls as "service method" lines.
while IFS=$'\t' read -r file _ _ exchanges _; do
	[[ $file == \#* ]] && continue
	want=$(tr ';' '\n' <<<"$exchanges" | awk '{ split($2, part, "/"); print part[2], $4 }')
	got=$("$binary" analyze -q --fail-on never -o events "$captures/$file" | jq -r '
		select(.event.dataset == "wsuscope.soap") | .wsuscope.soap
		| select(.request.complete and .response.complete)
		| select(.request.anomalies or .response.anomalies or .fault | not)
		| "\(.service) \(.method)"')
	if [ "$got" = "$want" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		diff <(echo "$want") <(echo "$got") >&2 || true
		echo "agree-soap: $file tells other calls" >&2
	fi
done <"$captures/MANIFEST.tsv"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
