# story: Nothing: the server wants the client to register, it does, and scans.
# how: nginx answers the first SyncUpdates with RegistrationRequired.
# twin: handshake-loop
setup() { wsus_faulting '^19202505001.*\.4$' RegistrationRequired; }
traffic() {
	calls GetConfig GetAuthorizationCookie GetCookie SyncUpdates
	calls RegisterComputer SyncUpdates SyncUpdatesNext
}
