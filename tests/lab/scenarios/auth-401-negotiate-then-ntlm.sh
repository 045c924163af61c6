# story: Nothing: the server refuses the Kerberos ticket and takes NTLM in its place.
# how: a helper plays IIS and NTLM beside MIT's KDC; curl with Negotiate, then with NTLM.
setup() {
	kdc $AUTH_SERVER
	misbehave server 8530 ntlm-only "$WORK/answer/RegisterComputer.answer.plain"
}
traffic() {
	MORE=negotiate$'\n''user = ":"'
	api_call
	MORE=ntlm$'\n''user = "CORP\\admin:secret"'
	api_call
}
