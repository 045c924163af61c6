# bash completion for wsuscope: commands and options as the program itself lists them.
_wsuscope() {
	local program=$1 word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} words=

	if [ "$COMP_CWORD" = 1 ]; then
		words="$("$program" --help 2>/dev/null | sed -n 's/^  wsuscope \([a-z]*\).*/\1/p') --help --version"
	elif [[ $word == -* ]]; then
		words=$("$program" "$command" --help 2>/dev/null | grep -o -- '--[a-z0-9-]*')
	elif [[ $before =~ ^(-i|--interface)$ ]]; then
		words="any $(cd /sys/class/net 2>/dev/null && echo *)"
	elif [ "$command" = explain ]; then
		words=$("$program" explain 2>/dev/null | grep -oE '^ +[a-z]+(-[a-z0-9]+)+')
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _wsuscope wsuscope
