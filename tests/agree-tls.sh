#!/usr/bin/env bash
# Holds what wsuscope tells of TLS to what tshark told of public captures, where these lie beside the tree.
#
#   tests/agree-tls.sh [WSUSCOPE]            CAPTURES=DIR says where else they are
set -eu
cd "$(dirname "$0")/.."
captures=${CAPTURES:-../shared/captures/public}
if [ ! -d "$captures" ]; then
	echo "skipped: no captures to agree with in $captures"
	exit 0
fi
exec tests/agree-tls.py "${1:-./wsuscope}" "$captures" tests/agree-tls.tsv
