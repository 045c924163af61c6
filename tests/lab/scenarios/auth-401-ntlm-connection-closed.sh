# story: Something closes the connection between the legs of an NTLM login, which is bound to it.
# how: a helper plays IIS and NTLM and closes after the challenge; curl.
# expect: admin-api-denied|auth-failed|auth-multiplexed server=198.51.100.10:8530
setup() { misbehave server 8530 ntlm-closes "$WORK/answer/RegisterComputer.answer.plain"; }
traffic() {
	MORE=ntlm$'\n''user = "CORP\\admin:secret"'
	console /ApiRemoting30/WebService.asmx $NAMESPACE/Server/ApiRemotingWebService/GetServerVersion
}
