# story: Nothing: the client goes on with a file that it has whole already, and is told 416.
# how: a range that begins at the file's end.
# twin: http-error
setup() { wsus; }
traffic() {
	scan
	download
	{
		file_call GET "$CONTENT" 'Accept-Encoding: identity' "User-Agent: $BITS" "Range: bytes=$CONTENT_SIZE-"
		echo next
	} | curl_runs
}
