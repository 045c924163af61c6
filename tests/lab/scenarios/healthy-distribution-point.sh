# story: Nothing: a client of ConfigMgr scans at the update point, and takes the files from a distribution point.
# how: nginx as both, the distribution point on 80; BITS through two doors, once after a challenge.
setup() {
	SITE='location ~ ^/(NOCERT_)?SMS_DP_SMSPKG { root '$WORK/dp'; }
		location ~ ^/CCMTOKENAUTH_SMS_DP_SMSPKG { return 401; }'
	mkdir -p "$WORK/dp/SMS_DP_SMSPKG\$/Content_1" "$WORK/dp/NOCERT_SMS_DP_SMSPKG\$/Content_1"
	cp "$WORK/www$CONTENT" "$WORK/dp/SMS_DP_SMSPKG\$/Content_1/payload.cab"
	cp "$WORK/www$CONTENT" "$WORK/dp/NOCERT_SMS_DP_SMSPKG\$/Content_1/payload.cab"
	wsus 80 8530
}
traffic() {
	scan
	BASE=http://$WSUS_NAME
	files "$BITS" HEAD '/CCMTOKENAUTH_SMS_DP_SMSPKG$/Content_1/payload.cab'
	download '/SMS_DP_SMSPKG$/Content_1/payload.cab'
	download '/NOCERT_SMS_DP_SMSPKG$/Content_1/payload.cab'
}
