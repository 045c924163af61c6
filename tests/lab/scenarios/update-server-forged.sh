# story: A forged update server: no login service, cookies of another plug-in, an update that is a shell command.
# how: answers with what public attack tools write into them.
# expect: suspicious-update-server server=198.51.100.10:8530 severity=warning confidence=probable client=None
setup() {
	local command='\&lt;InstallCommand Arguments="/accepteula /s cmd.exe /c whoami" Program="PsExec64.exe"/\&gt;'
	local handler="\\&lt;HandlerSpecificData type=\"cmd:CommandLineInstallation\"\\&gt;$command"
	answers 's|<ServiceUrl>[^<]*|<ServiceUrl>|' 's|<PlugInId>[^<]*|<PlugInId>prod|' \
		's|&lt;KBArticleID|\&lt;SecurityBulletinID\&gt;MS42-007\&lt;/SecurityBulletinID\&gt;&|' \
		"s|&lt;/Files&gt;|&$handler\\&lt;/HandlerSpecificData\\&gt;|"
	wsus
}
traffic() { scan; }
