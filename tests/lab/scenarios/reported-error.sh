# story: A file is missing, and the client reports that the download failed, and another update's installation.
# how: curl reports events 161 and 182; nginx has no file.
# expect: reported-error severity=error client=192.0.2.50
# expect: content-missing
setup() { wsus; }
traffic() {
	local event update=2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03
	scan
	rm "$WORK/www$CONTENT"
	download
	EDIT="s|<EventID>147|<EventID>161|;s|<Win32HResult>0|<Win32HResult>-2145844844|
		s|<UpdateID>0000[-0]*</UpdateID><RevisionNumber>0|<UpdateID>$update</UpdateID><RevisionNumber>200|"
	report
	EDIT="${EDIT/161/182};s/-2145844844/-2147023293/;s/444455556601/444455556602/"
	report
}
