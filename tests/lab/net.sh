# The lab's network: client, router, proxy and server, each in its own network namespace.
#
#   client eth0 192.0.2.50 .51 .52 ---- lan0 router srv0 ---- eth0 server 198.51.100.10
#          2001:db8:0:c::50                 dmz0                2001:db8:0:5::10
#                                            |
#                                 proxy eth0 203.0.113.9
#
# The word "trunk" puts an 802.1Q link between client and router, "mirror" a switch with a mirror
# port, "offload" leaves segmentation offload on, "ipv6" adds the second row of addresses, "far" puts a second
# router, "edge" 198.18.0.2, between the first and the server.
# Nothing leaves the namespaces: they have no way out.  Their names begin with $LAB_ID, one for each scenario.

LAB_SPACES="client router edge proxy server switch"

# inside SPACE COMMAND...: runs a command in a namespace of this run.
inside() {
	local space=$1
	shift
	ip netns exec "$LAB_ID-$space" "$@"
}

# start SPACE COMMAND...: the same, and does not wait; net_down ends it.
start() {
	local space=$1
	shift
	ip netns exec "$LAB_ID-$space" "$@" &
}

# start_minded SPACE COMMAND...: the same, of a server that is known to abort now and then: that says nothing of
# whom it served.
start_minded() {
	{ inside "$@"; [ $? != 134 ] || touch "$LAB_DIED"; } &
}

# The hosts that play Windows start at TTL 128 and use no time stamps; the appliances are Linux.
space_up() {
	local space=$1 ttl=$2 name=$LAB_ID-$1
	ip netns add "$name"
	mkdir -p "/etc/netns/$name"
	echo 'hosts: dns' >"/etc/netns/$name/nsswitch.conf"
	inside "$space" sysctl -qw net.ipv4.ip_default_ttl="$ttl" net.ipv6.conf.all.hop_limit="$ttl" \
		net.ipv6.conf.default.hop_limit="$ttl" net.ipv6.conf.default.accept_dad=0 \
		net.ipv6.conf.default.router_solicitations=0 net.ipv4.tcp_syn_retries=2 \
		net.ipv6.conf.default.disable_ipv6="$lab_no_ipv6" net.ipv4.ip_unprivileged_port_start=0
	inside "$space" sysctl -qw net.ipv4.tcp_syn_linear_timeouts=0 2>/dev/null || true
	[ "$ttl" = 128 ] && inside "$space" sysctl -qw net.ipv4.tcp_timestamps=0
	inside "$space" ip link set lo up
}

# wire SPACE DEVICE SPACE DEVICE: a cable between two namespaces.
wire() {
	ip link add "$2" netns "$LAB_ID-$1" type veth peer name "$4" netns "$LAB_ID-$3"
	local space device
	for end in "$1 $2" "$3 $4"; do
		read -r space device <<<"$end"
		[ "$lab_offload" ] || inside "$space" ethtool -K "$device" tso off gso off gro off tx off >/dev/null
		inside "$space" ip link set "$device" up
	done
}

# plug SPACE DEVICE MAC IPV4/LEN,... IPV6/LEN: gives an end its addresses.
plug() {
	local address
	inside "$1" ip link set "$2" address "$3"
	for address in ${4//,/ }; do
		inside "$1" ip address add "$address" dev "$2"
	done
	[ "$lab_no_ipv6" = 1 ] || [ -z "${5:-}" ] || inside "$1" ip -6 address add "$5" dev "$2" nodad
}

route() {
	inside "$1" ip route add default via "$2"
	[ "$lab_no_ipv6" = 1 ] || [ -z "${3:-}" ] || inside "$1" ip -6 route add default via "$3"
}

# net_up WORD...: builds everything; the words are told above.
net_up() {
	lab_no_ipv6=1 lab_offload=
	case " $* " in *" ipv6 "*) lab_no_ipv6=0 ;; esac
	case " $* " in *" offload "*) lab_offload=1 ;; esac
	space_up client 128
	space_up router 64
	space_up proxy 64
	space_up server 128
	case " $* " in
	*" trunk "*) switch_up && trunk_up ;;
	*" mirror "*) switch_up && mirror_up ;;
	*) wire client eth0 router lan0 ;;
	esac
	wire proxy eth0 router dmz0
	case " $* " in
	*" far "*) edge_up ;;
	*)
		wire server eth0 router srv0
		plug router srv0 02:00:5e:04:00:fe 198.51.100.254/24 2001:db8:0:5::fe/64
		;;
	esac
	plug client eth0 00:15:5d:02:00:50 192.0.2.50/24,192.0.2.51/24,192.0.2.52/24 2001:db8:0:c::50/64
	plug proxy eth0 00:15:5d:03:00:09 203.0.113.9/24
	plug server eth0 00:15:5d:04:00:10 198.51.100.10/24 2001:db8:0:5::10/64
	plug router lan0 02:00:5e:02:00:fe 192.0.2.254/24 2001:db8:0:c::fe/64
	plug router dmz0 02:00:5e:03:00:fe 203.0.113.254/24
	inside router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	route client 192.0.2.254 2001:db8:0:c::fe
	route proxy 203.0.113.254
	route server 198.51.100.254 2001:db8:0:5::fe
	local space
	for space in client proxy server; do
		echo "nameserver $(name_server $space)" >"/etc/netns/$LAB_ID-$space/resolv.conf"
	done
}

name_server() {
	case $1 in
	client) echo 192.0.2.254 ;;
	proxy) echo 203.0.113.254 ;;
	server) echo 198.51.100.254 ;;
	esac
}

edge_up() {
	space_up edge 64
	inside edge sysctl -qw net.ipv4.ip_forward=1
	wire router up0 edge up1
	wire server eth0 edge srv0
	plug router up0 02:00:5e:05:00:01 198.18.0.1/30
	plug edge up1 02:00:5e:05:00:02 198.18.0.2/30
	plug edge srv0 02:00:5e:04:00:fe 198.51.100.254/24
	route edge 198.18.0.1
	inside router ip route add 198.51.100.0/24 via 198.18.0.2
}

switch_up() {
	space_up switch 64
	wire client eth0 switch c0
	wire router lan0 switch r0
}

# Between the two access ports lies a trunk whose frames carry VLAN 20; trunk.py is both switches.
trunk_up() {
	wire switch t0 switch t1
	start switch python3 "$LAB/trunk.py" 20 c0 t0 t1 r0
}

# Mirroring two ports of one VLAN in both directions gives every frame twice.
mirror_up() {
	inside switch ip link add br0 type bridge
	inside switch ip link set br0 up
	wire switch mon0 switch mon1
	local port rules=''
	for port in c0 r0; do
		inside switch ip link set "$port" master br0
		rules+="chain in_$port { type filter hook ingress device \"$port\" priority 0; dup to \"mon0\"; }"$'\n'
		rules+="chain out_$port { type filter hook egress device \"$port\" priority 0; dup to \"mon0\"; }"$'\n'
	done
	printf 'table netdev mirror {\n%s}\n' "$rules" | inside switch nft -f -
}

# Ends what runs in the namespaces of this run, and the namespaces.
net_down() {
	local space pids pid
	exec 2>/dev/null                # the shell would announce every process that ends here
	for space in $LAB_SPACES; do
		pids=$(ip netns pids "$LAB_ID-$space")
		[ -z "$pids" ] || kill -KILL $pids
		for pid in $pids; do        # faketime, killed, leaves what it shares
			rm -f "/dev/shm/faketime_shm_$pid" "/dev/shm/sem.faketime_sem_$pid"
		done
	done
	for space in $LAB_SPACES; do
		ip netns del "$LAB_ID-$space"
		rm -rf "/etc/netns/$LAB_ID-$space"
	done
	rm -f "/dev/shm/$LAB_ID-"*.shm   # what Squid shares among its processes outlives it
	wait
}

# firewall RULE...: the rules of the router, or of $FIREWALL, for what it forwards, in order; replaces those
# before.  The set "live" forgets a port 3 seconds after its last update, as a device forgets a connection.
firewall() {
	{
		printf 'add table inet lab\ndelete table inet lab\n'
		echo 'table inet lab { set live { type inet_service; flags dynamic,timeout; timeout 3s; }'
		echo 'chain forward { type filter hook forward priority 0;'
		printf '%s\n' "$@"
		printf '}\n}\n'
	} | inside "${FIREWALL:-router}" nft -f -
}
