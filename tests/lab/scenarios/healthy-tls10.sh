# story: Nothing: an old client scans over TLS 1.0, another over 1.1.
# how: nginx and curl at security level 0.
# twin: tls-version-mismatch
setup() {
	TLS_VERSIONS='TLSv1 TLSv1.1 TLSv1.2'
	SITE='ssl_ciphers DEFAULT@SECLEVEL=0;'
	wsus '8531 ssl'
}
traffic() {
	local version
	BASE=https://$WSUS_NAME:8531
	for version in 1.0 1.1; do
		MORE='tlsv1.0'$'\n'"tls-max = $version"$'\n''ciphers = "DEFAULT@SECLEVEL=0"'
		scan
	done
}
