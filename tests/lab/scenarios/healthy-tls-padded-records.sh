# story: Nothing: TLS 1.3 whose records are padded: no length tells what is in them.
# how: nginx pads to 256 bytes, openssl s_client to 100.
setup() {
	TLS_VERSIONS=TLSv1.3
	SITE='ssl_buffer_size 1k; ssl_conf_command RecordPadding 256;'
	wsus '8531 ssl'
}
traffic() {
	local file=/ClientWebService/wusserverversion.xml
	{
		typed $file
		typed $file
	} | tls_terminal -tls1_3 -record_padding 100
}
