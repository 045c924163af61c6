# story: Nothing: a server offers an update of a third party, a program with arguments.
# how: the arguments stand in the update's metadata.
# twin: suspicious-update-server
setup() {
	local command='\&lt;InstallCommand Arguments="/quiet /norestart" Program="setup.exe"/\&gt;'
	local handler="\\&lt;HandlerSpecificData type=\"cmd:CommandLineInstallation\"\\&gt;$command"
	answers "s|&lt;/Files&gt;|&$handler\\&lt;/HandlerSpecificData\\&gt;|"
	wsus
}
traffic() {
	scan
	download
}
