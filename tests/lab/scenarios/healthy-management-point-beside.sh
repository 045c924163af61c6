# story: Nothing: the management point on 443 takes client certificates, the update point beside it asks for none.
# how: nginx on both ports of one address, TLS 1.2; curl as both clients.
# twin: client-certificate-demanded
setup() {
	TLS_VERSIONS=TLSv1.2
	certificates
	issue pc '/CN=pc-0450.corp.example' 'extendedKeyUsage=clientAuth' "$LEAF"
	HTTP_BLOCK="server { listen 443 ssl; ssl_protocols TLSv1.2; ssl_verify_client on;
		ssl_certificate $WORK/tls/server.pem; ssl_certificate_key $WORK/tls/server.key;
		ssl_client_certificate $WORK/tls/ca.pem; location / { return 200; } }"
	wsus '8531 ssl'
}
traffic() {
	BASE=https://$WSUS_NAME
	MORE="cert = \"$WORK/tls/pc.pem\""$'\n'"key = \"$WORK/tls/pc.key\""
	files 'SMS CCM 5.0 TS' GET '/SMS_MP/.sms_aut?MPLIST'
	MORE+=$'\n''request = "CCM_POST"'
	files ccmhttp GET /ccm_system/request
	BASE=https://$WSUS_NAME:8531 MORE=
	scan
}
