# story: The update point's version file tells of a server before 2012.
# how: nginx serves another wusserverversion.xml.
# probe: $HTTP
# expect: server-outdated severity=warning server=198.51.100.10:8530
# exit: 0
setup() {
	wsus
	answers 's|<Value>3.2</Value>|<Value>3.0</Value>|'
	echo '<serverversion>3.1.6001.1</serverversion>' >"$WORK/www/ClientWebService/wusserverversion.xml"
}
