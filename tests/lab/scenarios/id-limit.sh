# story: The client sends more ids of installed updates than the server takes.
# how: curl with so many ids; nginx answers with InvalidParameters.
# expect: id-limit severity=error client=192.0.2.50
setup() {
	faults InvalidParameters=parameters.InstalledNonLeafUpdateIDs
	wsus_faulting '\.5$' InvalidParameters
}
traffic() {
	EDIT="s|<int>109</int><int>191</int>|$(printf '<int>%s</int>' {1..401})|"
	scan
}
