# story: Nothing: of three clients one is told once that the server changed.
# how: nginx answers one SyncUpdates with ServerChanged.
# twin: server-changed
setup() { wsus_faulting '^19202505001.*\.4$' ServerChanged; }
traffic() {
	calls SyncUpdates
	calls GetConfig GetAuthorizationCookie GetCookie RefreshCache SyncUpdates SyncUpdatesNext GetExtendedUpdateInfo
	CLIENT=192.0.2.51 scan
	CLIENT=192.0.2.52 scan
}
