# story: Nothing: segmentation offload gives frames larger than the MTU.
# how: offloads stay on.
# net: offload
# twin: mtu-black-hole
PAYLOAD_LINES=2500
setup() { wsus; }
traffic() {
	scan
	download
}
