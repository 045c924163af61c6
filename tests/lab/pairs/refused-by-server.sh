# story: Nothing listens on the server's port: the resets are its own.
# how: no WSUS runs.
# expect: none
# also: reset-by-end
setup() { :; }
traffic() { scan; }
