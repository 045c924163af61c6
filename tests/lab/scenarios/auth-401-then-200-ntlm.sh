# story: Nothing: an NTLM login in three legs on one connection.
# how: a helper plays IIS and NTLM.
# twin: auth-failed
setup() { misbehave server 8530 ntlm "$WORK/answer/RegisterComputer.answer.plain"; }
traffic() {
	MORE=anyauth$'\n''user = "CORP\\admin:secret"'
	console /ApiRemoting30/WebService.asmx $NAMESPACE/Server/ApiRemotingWebService/GetServerVersion
}
