# story: Nothing: the client's clock is four minutes ahead, which all tolerate.
# how: curl states another time.
# twin: clock-skew
setup() { wsus; }
traffic() {
	EDIT="s/<currentTime>[^<]*/<currentTime>$(date -u -d '+4 minutes' +%Y-%m-%dT%H:%M:%SZ)/"
	scan
}
