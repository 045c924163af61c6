# story: The client starts an NTLM login and gives up at the challenge.
# how: a helper plays IIS and NTLM; a client of our own that has no more to say.
# expect: admin-api-denied|auth-failed server=198.51.100.10:8530
setup() {
	misbehave server 8530 ntlm "$WORK/answer/RegisterComputer.answer.plain"
}
traffic() {
	MORE="header = \"Authorization: NTLM $NTLM_BEGUN\""
	api_call
}
