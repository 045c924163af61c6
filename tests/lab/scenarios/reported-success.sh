# story: Nothing: the client reports what it installed.
# how: curl reports event 183.
# twin: reported-error
setup() { wsus; }
traffic() {
	scan
	download
	EDIT="s|<EventID>147|<EventID>183|;s/444455556601/444455556603/
		s|<UpdateID>0000[-0]*</UpdateID><RevisionNumber>0|<UpdateID>2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03</UpdateID><RevisionNumber>200|"
	report
}
