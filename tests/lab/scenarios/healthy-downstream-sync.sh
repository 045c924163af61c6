# story: Nothing: a downstream server synchronises, and a console looks in.
# how: nginx as WSUS answers the calls of curl, which names itself as .NET proxies do.
# twin: server-outdated
setup() {
	SITE='location ~* \.asmx$ {
		error_page 405 =200 /answer/RegisterComputer.answer;
		if ($request_method = POST) { return 405; }
	}'
	wsus
}
traffic() {
	local method sync=/ServerSyncWebService/ServerSyncWebService.asmx
	console $sync $NAMESPACE/GetAuthConfig
	console /DssAuthWebService/DssAuthWebService.asmx $NAMESPACE/Server/DssAuthWebService/GetAuthorizationCookie
	for method in GetCookie GetConfigData GetRevisionIdList GetUpdateData GetDeployments; do
		console $sync $NAMESPACE/$method
	done
	CLIENT=192.0.2.51 console /ApiRemoting30/WebService.asmx $NAMESPACE/Server/ApiRemotingWebService/GetServerVersion
}
