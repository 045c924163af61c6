# story: Servers that answer garbage, never end, or lead in circles: each check ends in its time.
# how: helpers on a port each.
# lasts: 20
# probe: -m 20 http://$WSUS_NAME:900{1,2,3,4,5} https://$WSUS_NAME:900{1,6}
# allow: content-replaced response-cut http-error scheme-mismatch request-unanswered tls-aborted tls-not-served
# allow: not-found http-downgraded slow-answer tls-no-common-cipher tls-version-mismatch
# allow: connection-refused range-stripped
# exit: 1
# within: 25
# memory: 150
setup() {
	misbehave server 9001 garbage
	misbehave server 9002 endless-body
	misbehave server 9003 endless-head
	misbehave server 9004 circles
	misbehave server 9005 trickle
	misbehave server 9006 tls-garbage
}
