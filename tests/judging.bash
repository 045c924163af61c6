# Sourced by tests in shell: what they judge by.  $work holds what the program said: out, err.
passed=0 failed=0

# judge NAME CONDITION
judge() {
	if eval "$2"; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAILED $1 ($2)"
	head -n 20 "$work/out" "$work/err" 2>/dev/null
}

# says out|err TEXT
says() { judge "$1 says '$2'" "grep -qF -- '$2' '$work/$1'"; }
silent() { judge "$1 is silent" "[ ! -s '$work/$1' ]"; }

# await SECONDS CONDITION: whether it came true in time.
await() {
	local tries=$(($1 * 20))
	while ! eval "$2"; do
		[ $((tries--)) -gt 0 ] || return 1
		sleep 0.05
	done
}

# The last line of a test, and its status.
told() {
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}
