#!/usr/bin/env bash
# What the sources must not contain: functions without bounds or with hidden state, mutable state
# of a file, words that promise work.  Usage: tests/banned.sh
set -u
cd "$(dirname "$0")/.."
folders=(base capture facts decoders veil probes analyzers report live guard screen cli tests bench)
mapfile -t sources < <(find "${folders[@]}" -name '*.[ch]' -o -name '*.def' | sort)
wrong=0

# ban REGEX REASON [FILES-EXEMPT]: comments and strings are not code, and are blanked first.
ban() {
	local hits
	hits=$(code | grep -P "$1" | grep -vE "^(${3:-$^})")
	[ -z "$hits" ] && return
	echo "$2:"
	echo "$hits"
	wrong=1
}

# Every line as FILE:LINE:CODE, without the insides of comments and strings.
code() {
	awk 'FNR == 1 { inside = 0 }
	{
		line = $0
		gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
		if (inside) { if (!sub(/^.*\*\//, "", line)) next; inside = 0 }
		gsub(/\/\*([^*]|\*[^\/])*\*\//, " ", line)
		if (sub(/\/\*.*$/, "", line)) inside = 1
		print FILENAME ":" FNR ":" line
	}' "${sources[@]}"
}

[ ${#sources[@]} = 0 ] && exit 0
ban '\b(strcpy|strcat|strncpy|strncat|stpcpy|sprintf|vsprintf|gets|scanf|sscanf|fscanf)\s*\(' 'no bound'
ban '\b(strtok|atoi|atol|atoll|atof|tmpnam|mktemp|alloca)\s*\(' 'no error, or hidden state'
ban '\b(localtime|gmtime|ctime|asctime|inet_ntoa|rand|srand|random|setlocale)\s*\(' \
	'hidden state, or an answer that differs by machine'
ban '\b(time|clock_gettime|gettimeofday)\s*\(' 'the time is the frame'"'"'s' 'base/clock\.h|cli/|capture/live|probes/|tests/|bench/'
ban '\b(longjmp|setjmp)\s*\(' 'errors return' 'tests/'
ban '^(bench|tests)?[^:]*:\d+:\s*static (?!.*\b(const|inline)\b)(?!.*(sig_atomic_t|volatile))[^()]*(;|=[^=].*)$' \
	'mutable state of a file: two engines must run side by side' 'base/(hash|tongue)\.c|bench/|tests/'
words=$(grep -nE '\b(TO[D]O|FI[X]ME|X[X]X|HA[C]K)\b' "${sources[@]}")
if [ -n "$words" ]; then
	echo "promises instead of work:"
	echo "$words"
	wrong=1
fi
exit $wrong
