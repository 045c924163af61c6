# story: Nothing: the client sends many ids, and the server takes more.
# how: curl with so many ids.
# twin: id-limit request-too-large
setup() { wsus; }
traffic() {
	EDIT="s|<int>109</int><int>191</int>|$(printf '<int>%s</int>' {1..300})|"
	scan
}
