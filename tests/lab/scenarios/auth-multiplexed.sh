# story: A proxy sends the legs of one NTLM login over several connections.
# how: nginx as forward proxy opens one connection a request.
# tap: server
# expect: auth-multiplexed confidence=certain
setup() {
	misbehave server 8530 ntlm "$WORK/answer/RegisterComputer.answer.plain"
	nginx_proxy
}
traffic() {
	MORE=$VIA_PROXY$'\n'anyauth$'\n''user = "CORP\\admin:secret"'
	console /ApiRemoting30/WebService.asmx $NAMESPACE/Server/ApiRemotingWebService/GetServerVersion
}
