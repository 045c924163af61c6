#!/usr/bin/env bash
# The program as its users run it: exit statuses, words, files in and out: tests/cli.sh [WSUSCOPE]
set -u
cd "$(dirname "$0")/.." || exit 1
wsuscope=$(realpath "${1:-./wsuscope}")
healthy=pcaps/healthy-scan.pcapng
broken=pcaps/port-closed.pcapng
slow=pcaps/slow-answer.pcapng
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/judging.bash

# try NAME STATUS ARGUMENT...: runs it, keeps what it says in $work/out and $work/err.
try() {
	local name=$1 wanted=$2 status
	shift 2
	timeout 120 "$wsuscope" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	judge "$name: exit $status, not $wanted" "[ $status = $wanted ]"
}

# ---- usage ----
try 'no command' 2
says err 'wsuscope analyze [options] FILE...'
silent out
try 'a wrong command' 2 analyse x
says err 'analyse: no such command'
try 'help' 0 --help
says out 'wsuscope capture [options] -i IFACE'
silent err
try 'help of a command' 0 analyze --help
for option in --sup --client --severity --fail-on --output --all --reveal; do says out "$option"; done
for command in analyze capture watch explain; do
	try "options of $command" 0 $command --help
	judge "help of $command fits 100 columns" "! grep -q '.\{101\}' '$work/out'"
	for option in $(grep -o -- ' --[a-z-]*' "$work/out" | sort -u); do
		[ "$option" = --help ] || judge "the manual knows $option" "sed 's/\\\\-/-/g' docs/wsuscope.1 | grep -q -- '$option\\b'"
	done
done
for command in capture watch; do
	try "$command: an interface twice" 2 $command -i lo -i lo
	says err '-i names an interface twice'
	try "$command: an interface, and all of them" 2 $command -i any -i lo
	says err '-i names an interface twice'
	try "$command: two filters" 2 $command -i lo -f 'tcp port 1' --only-filter 'tcp port 2'
	says err 'give one'
	try "$command: link types of nothing" 2 $command -L
	says err 'interface with -i'
done
try 'version' 0 --version
says out 'wsuscope '
try 'no file' 2 analyze
says err 'name one capture file or more'
try 'a wrong option' 2 analyze --sups x "$healthy"
says err '--sups'
try 'a wrong format' 2 analyze -o pdf "$healthy"
says err 'pdf'
try 'a wrong network' 2 analyze --client 192.0.2.0/99 "$healthy"
says err '192.0.2.0/99'
try 'no interface' 2 capture
try 'a file for two outputs' 2 capture -i lo -w "$work/one" -o "json=$work/one"
says err 'two outputs name the same file'
: >"$work/two" && ln "$work/two" "$work/link"
try 'a file by two names' 2 capture -i lo -o "text=$work/two" -o "json=$work/link"
try 'a file for a page and a table' 2 capture -i lo -o "html=$work/one" -o "csv=$work/one"
judge 'none is made' "[ ! -e '$work/one' ]"
ln -s . "$work/here"
try 'a file by two folders' 2 analyze -o "json=$work/here/one" -o "html=$work/one" "$broken"
try 'documents after each other' 2 analyze -o json -o text "$broken"
says err 'standard output'
cp "$broken" "$work/own.pcapng" && ln -s own.pcapng "$work/alias"
for format in text json html events markdown csv csv-clients csv-exchanges har evidence annotated; do
	try "$format over its capture" 2 analyze -o "$format=$work/alias" "$work/own.pcapng"
	says err 'this run reads it'
	judge "$format leaves its capture alone" "cmp -s '$broken' '$work/own.pcapng'"
done
timeout 60 "$wsuscope" analyze -q -o "json=$work/own.pcapng" - <"$work/own.pcapng" >"$work/out" 2>"$work/err"
judge 'nor what comes by a redirection' "[ $? = 2 ] && cmp -s '$broken' '$work/own.pcapng'"
cp "$broken" "$work/keys"
try 'over keys' 2 analyze --keys "$work/keys" -o "json=$work/keys" "$broken"
try 'over what is compared' 2 compare -o "json=$work/own.pcapng" "$broken" "$work/own.pcapng"
judge 'neither is lost' "cmp -s '$broken' '$work/own.pcapng' && cmp -s '$broken' '$work/keys'"

# ---- verdicts ----
try 'health' 0 analyze "$healthy"
says out 'nothing failed.'
silent err
judge 'health takes three lines' "[ \$(wc -l <'$work/out') = 3 ]"
try 'what is no news unless asked for' 0 analyze --severity info "$healthy"
says out 'Note: Update metadata travels without TLS.'
try 'a failure' 1 analyze "$broken"
says out 'cannot update'
says out 'connection-refused'
try 'a failure that does not count' 0 analyze --fail-on never "$broken"
try 'a failure below the level' 0 analyze --fail-on critical "$broken"
try 'a warning' 0 analyze "$slow"
try 'a warning that counts' 1 analyze --fail-on warning "$slow"
try 'a warning that is not shown' 0 analyze --severity error "$slow"
judge 'it is counted' "! grep -q 'WARNING  slow-answer' '$work/out' && grep -q '1 finding below error' '$work/out'"
try 'an update point nobody tries' 1 analyze --sup http://elsewhere.example:8530 "$healthy"
says out 'connection-missing'
try 'one that is tried' 0 analyze --sup http://wsus01.corp.example:8530 "$healthy"
try 'a silent client' 0 analyze --client 203.0.113.0/24 --client 192.0.2.50 "$healthy"
judge 'one of two is silent' "[ \$(grep -c '  client-silent' '$work/out') = 1 ]"
printf '192.0.2.50 # reception\n\n192.0.2.99\n' >"$work/clients"
try 'clients of a file' 0 analyze --client "$work/clients" "$healthy"
says out '192.0.2.99'
judge 'one of its two is silent' "[ \$(grep -c '  client-silent' '$work/out') = 1 ]"
echo pc-0412 >>"$work/clients"
try 'a file with a bad line' 3 analyze --client "$work/clients" "$healthy"
says err 'clients:4: "pc-0412" is neither an address nor a network'

# ---- names ----
named='PC-0450|CORP\\+|WORKSTATION|agent that|"user": ?"(agent|admin)'
for format in text json events; do
	for capture in squid-407-ntlm-refused squid-407-wrong-password admin-api-denied; do
		try "$format of $capture, masked" 1 analyze -o $format pcaps/$capture.pcapng
		judge "no name is in $format of $capture" "! grep -qE '$named' '$work/out'"
		try "$format of $capture, revealed" 1 analyze --reveal -o $format pcaps/$capture.pcapng
		judge "the name is in $format of $capture" "grep -qE '$named' '$work/out'"
	done
done

# ---- keys ----
random=$(printf '%064d' 7) master=$(printf '%096d' 9)
printf '# a browser wrote this\r\nCLIENT_RANDOM %s %s\r\n' "$random" "$master" >"$work/keys.log"
try 'a key log of another capture' 0 analyze --keys "$work/keys.log" "$healthy"
says err 'none of the secrets given (1) opened a TLS session'
try 'it is not told to who wants quiet' 0 analyze -q --keys "$work/keys.log" "$healthy"
silent err
judge 'the secret is in no output' "! grep -qi -e '$random' -e '$master' '$work/out' '$work/err'"
{ cat "$work/keys.log"; echo nonsense; } >"$work/odd.log"
try 'a key log with an odd line' 0 analyze --keys "$work/odd.log" --keys "$work/keys.log" "$healthy"
says err 'odd.log: 1 of 3 lines are not of a key log'
says err 'line 3 first'
echo 'Remember the milk.' >"$work/note.txt"
try 'a text for a key log' 3 analyze --keys "$work/note.txt" "$healthy"
says err 'note.txt: is no key log: line 1'
try 'a program for a key log' 3 analyze -q --keys /bin/sh "$healthy"
says err 'sh: is no key log'
try 'a folder for a key log' 3 analyze --keys "$work" "$healthy"
says err 'Is a directory'
try 'a key log without end' 3 analyze --keys /dev/zero "$healthy"
says err 'zero: is no key log: 64 MiB of it hold no secret'
printf 'EXPORTER_SECRET %s %s\n' "$random" "$random" >"$work/exporter.log"
try 'a key log of no use' 0 analyze --keys "$work/exporter.log" "$healthy"
says err 'none of its 1 lines holds a secret'
: >"$work/empty.log"
try 'an empty key log' 0 analyze --keys "$work/empty.log" "$healthy"
says err 'empty.log: no secret is in it'
try 'no such key log' 3 analyze --keys "$work/none.log" "$healthy"
says err 'none.log: cannot be read'
silent out
try 'a key log on standard input' 2 analyze --keys - "$healthy"
try 'a private key that is none' 3 analyze --server-key "$work/keys.log" "$healthy"
says err 'keys.log: no private key in it'
try 'a pass phrase in the place of its file' 3 analyze --key-pass 'opens it' "$healthy"
says err 'it wants a file'
judge 'it is told to nobody' "! grep -q 'opens it' '$work/out' '$work/err'"
if command -v openssl >/dev/null; then
	printf 'opens it\r\nand more\n' >"$work/pass"
	openssl ecparam -genkey -name prime256v1 -noout -out "$work/ec.pem"
	openssl genrsa -traditional -out "$work/rsa.pem" 1024 2>/dev/null
	openssl pkcs12 -export -nocerts -inkey "$work/rsa.pem" -passout 'pass:opens it' -out "$work/rsa.pfx" 2>/dev/null
	try 'a key that only signs' 2 analyze --server-key "$work/ec.pem" "$healthy"
	says err 'EC private key never opens a capture'
	try 'a key of another server' 0 analyze --server-key "$work/rsa.pem" "$healthy"
	says err 'the private key given is for none of the certificates seen (sessions: 0;'
	try 'a key of another server, where certificates show' 0 analyze --server-key "$work/rsa.pem" \
		pcaps/healthy-tls12-rsa-key-exchange.pcapng
	says err 'none of the certificates seen ('
	judge 'sessions with certificates are counted' "! grep -q 'sessions: 0;' '$work/err'"
	try 'a key behind a pass phrase' 3 analyze --server-key "$work/rsa.pfx" "$healthy"
	says err '--key-pass'
	try 'a pass phrase that fits' 0 analyze --server-key "$work/rsa.pfx" --key-pass "$work/pass" "$healthy"
	try 'one that does not' 3 analyze --server-key "$work/rsa.pfx" --key-pass "$work/keys.log" "$healthy"
	says err 'the pass phrase does not open it'
else
	echo 'skipped: keys of servers want openssl'
fi


# A capture with its secrets inside (a decryption secrets block, draft-ietf-opsawg-pcapng section 4.7).
inject() {
	python3 - "$@" <<-'END'
	import struct, sys
	capture, secrets = (open(name, "rb").read() for name in sys.argv[1:3])
	padded = secrets + bytes(-len(secrets) % 4)
	head = struct.unpack_from("<I", capture, 4)[0]
	size = struct.pack("<I", 20 + len(padded))
	block = b"\n\0\0\0" + size + b"KSLT" + struct.pack("<I", len(secrets)) + padded + size
	open(sys.argv[3], "wb").write(capture[:head] + block + capture[head:])
	END
}

secret=pcaps/api-negotiate-tls-ok
events() { "$wsuscope" analyze -o events "$@" 2>/dev/null; }
events "$secret.pcapng" >"$work/closed"
events --keys "$secret.keys" "$secret.pcapng" >"$work/open"
inject "$secret.pcapng" "$secret.keys" "$work/inside.pcapng"
judge 'without keys TLS stays closed' "! grep -q wsuscope.exchange '$work/closed'"
judge 'a key log opens it' "grep -q wsuscope.exchange '$work/open'"
for coding in UTF-16LE UTF-16BE; do
	{ printf '\xfe\xff' | iconv -f UTF-16BE -t $coding; iconv -t $coding "$secret.keys"; } >"$work/wide.keys"
	judge "so does one in $coding" "events --keys '$work/wide.keys' '$secret.pcapng' | cmp -s - '$work/open'"
done
judge 'so do secrets inside the capture' "events '$work/inside.pcapng' | cmp -s - '$work/open'"
judge 'and those of one capture beside another' \
	"events '$work/inside.pcapng' '$healthy' | grep -q '\"/ApiRemoting30'"
sed 's/[0-9a-f]\{8\}$/00000000/' "$secret.keys" >"$work/wrong.keys"
try 'a key that does not fit' 0 analyze --keys "$work/wrong.keys" "$secret.pcapng"
says out 'that the keys given for it do not'
judge 'it is not told to be of another capture' "! grep -q 'none of the secrets' '$work/err'"

# ---- files in ----
try 'two files' 1 analyze --fail-on warning "$healthy" "$broken"
says out 'healthy-scan.pcapng'
says out 'port-closed.pcapng'
"$wsuscope" analyze -o json "$broken" 2>/dev/null | sed 's/"file": *"[^"]*"//' >"$work/plain"
cp "$broken" "$work/copy.pcapng"
for packer in gzip zstd; do
	command -v $packer >/dev/null || continue
	$packer -q -c "$work/copy.pcapng" >"$work/copy.$packer"
	try "packed by $packer" 1 analyze "$work/copy.$packer"
done
"$wsuscope" analyze - <"$broken" >"$work/out" 2>"$work/err"
judge 'standard input' "[ $? = 1 ]"
says out 'connection-refused'
try 'no such file' 3 analyze "$work/none.pcap"
says err 'none.pcap'
try 'an empty file' 3 analyze /dev/null
printf 'This is no capture, but a text of some length.\n' >"$work/text.pcap"
try 'a text' 3 analyze "$work/text.pcap"
says err 'text.pcap'
try 'one good and one bad file' 3 analyze "$healthy" "$work/text.pcap"
size=$(stat -c %s "$broken")
head -c $((size - 3)) "$broken" >"$work/cut.pcapng"
try 'a file cut short' 4 analyze "$work/cut.pcapng"
says err 'byte'
says out 'breaks off'
try 'a filter' 0 analyze -f 'udp port 53' "$broken"
says out 'No update traffic'
try 'a wrong filter' 2 analyze -f 'port and' "$broken"

# ---- explaining ----
try 'the list' 0 explain
says out 'proxy-auth-required'
says out '0x8024401B'
says out '002-14'
silent err
for word in 0x8024401b -2145107941 2149859355 8024401B.; do
	try "a code as $word" 0 explain "$word"
	says out 'WU_E_PT_HTTP_STATUS_PROXY_AUTH_REQ'
	says out 'proxy-auth-required'
done
try 'a low half' 0 explain xxxx2ee2
says out 'ERROR_WINHTTP_TIMEOUT'
try 'two words for one thing' 0 explain alert 48
says out 'unknown_ca'
try 'plain words' 0 explain client certificate
says out 'client-certificate-demanded'
try 'what no capture shows' 0 explain 0x80240030
says out 'netsh winhttp show proxy'
try 'an unknown word' 2 explain proxy-auth-requird
says err 'Perhaps: proxy-auth-required'
silent out
try 'an explanation as JSON' 0 explain -o json 407
judge 'an explanation is JSON' "python3 -m json.tool '$work/out' >/dev/null"
try 'all of them as JSON' 0 explain -o json
/usr/bin/python3 -c 'import jsonschema' 2>/dev/null && judge 'explanations fit their schema' "/usr/bin/python3 -c '
import json, jsonschema, sys
jsonschema.validate(*(json.load(open(name)) for name in sys.argv[1:]))' '$work/out' docs/schema/explain.schema.json"
try 'a line of a log' 0 explain 'WARNING: SyncServerUpdatesInternal failed : 0x8024401c'
says out 'WU_E_PT_HTTP_STATUS_REQUEST_TIMEOUT'
try 'no explanation as events' 2 explain -o events 407
"$wsuscope" explain 2>"$work/err" | head -n 1 >/dev/null
silent err
try 'a long explanation' 0 explain 403 0x80072f0c
judge 'explanations fit 80 columns' "! grep -q '.\{81\}' '$work/out'"

# ---- files out ----
try 'three outputs' 1 analyze -o "json=$work/a.json" -o "events=$work/a.ndjson" -o text "$broken"
says out 'connection-refused'
judge 'the document is JSON' "python3 -m json.tool '$work/a.json' >/dev/null"
judge 'event lines are JSON' "python3 -c 'import json,sys
for line in open(sys.argv[1]): json.loads(line)' '$work/a.ndjson'"
judge 'findings are events' "grep -q '\"wsuscope.finding\"' '$work/a.ndjson'"
try 'the same again' 1 analyze -o "json=$work/b.json" "$broken"
judge 'the same input gives the same output' "cmp -s '$work/a.json' '$work/b.json'"
try 'no place to write' 3 analyze -o "json=$work/no/such/place" "$healthy"
says err 'no/such/place'
try 'no colour in a file' 1 analyze "$broken"
judge 'no colour in a file' "! grep -q \$'\033' '$work/out'"
try 'colour if asked' 1 analyze --color always "$broken"
judge 'colour if asked' "grep -q \$'\033' '$work/out'"
[ -w /dev/full ] && {
	"$wsuscope" analyze "$healthy" >/dev/full 2>"$work/err"
	judge 'a full disk is told' "[ $? = 3 ] && [ -s '$work/err' ]"
}

# ---- live ----
if [ "$(id -u)" = 0 ] && unshare -n true 2>/dev/null; then
	unshare -n bash -c '
		ip link set lo up
		: >"$2/growing.log"
		timeout 60 "$1" capture -i lo -a duration:16 --keys "$2/growing.log" -w "$2/live.pcapng" >"$2/out" 2>"$2/err" &
		live=$!
		sleep 1.5
		printf "CLIENT_RANDOM %s %s\nCLIENT_RANDOM 1%s %s" "$3" "$4" "${3#?}" "$4" >>"$2/growing.log"
		(exec 3<>/dev/tcp/127.0.0.1/8530) 2>/dev/null
		wait $live' _ "$wsuscope" "$work" "$random" "$master"
	judge 'a live refusal' "[ $? = 1 ]"
	says err 'Capturing on lo'
	says err 'none of the secrets given (2) opened'
	judge 'a key log may still be empty' "! grep -q 'no secret is in it' '$work/err'"
	judge 'it is told as it arises and at the end' "[ \$(grep -c connection-refused '$work/out') = 2 ]"
	if command -v openssl >/dev/null; then
		openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout "$work/web.key" \
			-out "$work/web.pem" 2>/dev/null
		unshare -n bash -c '
			cd "$2"
			ip link set lo up
			openssl s_server -quiet -accept 8531 -key web.key -cert web.pem -WWW >/dev/null 2>&1 &
			server=$!
			: >live.log
			timeout 20 "$1" capture -i lo -a duration:4 --keys live.log --all -w web.pcapng -o events=live.ndjson 2>err &
			live=$!
			sleep 1.5
			for version in -tls1_2 -tls1_3; do
				{ printf "GET /live%s HTTP/1.0\r\n\r\n" $version; sleep 0.5; } | timeout 5 openssl \
					s_client -quiet $version -connect 127.0.0.1:8531 -keylogfile live.log >/dev/null 2>&1
			done
			wait $live
			kill $server' _ "$wsuscope" "$work"
		for version in 1_2 1_3; do
			judge "TLS $version is read while its key log grows" "grep -q '\"/live-tls$version\"' '$work/live.ndjson'"
		done
		try 'a private key where keys are ephemeral' 0 analyze --all --server-key "$work/web.key" "$work/web.pcapng"
		says err 'sessions with it stay closed (1), because they agreed on keys by (EC)DHE'
		says out 'TLS session by (EC)DHE'
		judge 'the certificate is known' "! grep -q 'none of the certificates' '$work/err'"
	fi
	try 'the recording' 1 analyze "$work/live.pcapng"
	says out 'connection-refused'
	try 'no such interface' 3 capture -i nosuch0
else
	echo 'skipped: live capture wants root and a network namespace'
fi
told
