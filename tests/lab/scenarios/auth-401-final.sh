# story: A downstream server fails to log in to ServerSyncWebService.
# how: a helper plays IIS and NTLM, and refuses the third leg.
# expect: auth-failed server=198.51.100.10:8530 confidence=certain
setup() { misbehave server 8530 ntlm-refuse "$WORK/answer/RegisterComputer.answer.plain"; }
traffic() {
	MORE=anyauth$'\n''user = "CORP\\admin:secret"'
	console /ServerSyncWebService/ServerSyncWebService.asmx $NAMESPACE/GetAuthConfig
}
