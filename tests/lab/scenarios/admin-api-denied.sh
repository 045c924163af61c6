# story: The account of the console may not use the administration service.
# how: a helper plays IIS and NTLM, and refuses the third leg.
# expect: admin-api-denied server=198.51.100.10:8530 confidence=certain
setup() { misbehave server 8530 ntlm-refuse "$WORK/answer/RegisterComputer.answer.plain"; }
traffic() {
	MORE=anyauth$'\n''user = "CORP\\admin:secret"'
	console /ApiRemoting30/WebService.asmx $NAMESPACE/Server/ApiRemotingWebService/GetServerVersion
}
