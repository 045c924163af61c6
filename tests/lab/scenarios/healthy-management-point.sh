# story: Nothing: a management point on 443 takes the client's certificate, as it should.
# how: nginx with ssl_verify_client on, TLS 1.2; curl with a certificate, as ConfigMgr's client.
# twin: client-certificate-demanded
setup() {
	TLS_VERSIONS=TLSv1.2
	SITE='ssl_verify_client on; ssl_client_certificate '$WORK/tls/ca.pem'; location /ccm_system/ {
		if ($request_method = CCM_POST) { return 200; } } location /SMS_MP/ { return 200 "<MPList/>"; }'
	certificates
	issue pc '/CN=pc-0450.corp.example' 'extendedKeyUsage=clientAuth' "$LEAF"
	wsus '443 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME
	MORE="cert = \"$WORK/tls/pc.pem\""$'\n'"key = \"$WORK/tls/pc.key\""
	files 'SMS CCM 5.0 TS' GET '/SMS_MP/.sms_aut?MPLIST'
	MORE+=$'\n''request = "CCM_POST"'
	files ccmhttp GET /ccm_system/request
}
