# story: The client sends nearly as many ids of installed updates as the server takes.
# how: curl with so many ids.
# expect: id-limit severity=warning client=192.0.2.50
setup() { wsus; }
traffic() {
	EDIT="s|<int>109</int><int>191</int>|$(printf '<int>%s</int>' {1..330})|"
	scan
}
