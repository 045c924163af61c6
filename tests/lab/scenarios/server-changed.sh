# story: Several clients are told again and again that the server changed: two nodes, no common database.
# how: nginx answers the first SyncUpdates of each scan with ServerChanged.
# expect: server-changed severity=warning client=None server=198.51.100.10:8530
setup() { wsus_faulting '^192025[0-9]*[13]A.*\.4$' ServerChanged; }
traffic() {
	local CLIENT
	for CLIENT in 192.0.2.50 192.0.2.51 192.0.2.52; do
		operation=0
		calls SyncUpdates
		calls GetConfig GetAuthorizationCookie GetCookie RefreshCache SyncUpdates SyncUpdatesNext GetExtendedUpdateInfo
		calls SyncUpdates
		calls GetConfig GetAuthorizationCookie GetCookie RefreshCache SyncUpdates SyncUpdatesNext GetExtendedUpdateInfo
	done
}
