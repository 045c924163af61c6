# The lab's certificates: authorities made anew for each scenario, whose keys do not outlive it.

# authority NAME SUBJECT: a root of one's own, $WORK/tls/NAME.pem and .key.
authority() {
	local to=$WORK/tls/$1
	[ -e "$to.pem" ] && return
	mkdir -p "${to%/*}"
	openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "$2" -keyout "$to.key" \
		-out "$to.pem" 2>/dev/null
}

# issue NAME SUBJECT [EXTENSION...]: a certificate, by the authority "ca" for 397 days from a minute ago unless
# $ISSUER (a name, or "self"), $DAYS, $FROM (in faketime's words), $KEY (rsa:2048) and $DIGEST (sha256) tell.
issue() {
	local name=$1 to=$WORK/tls/$1 subject=$2 by=${ISSUER:-ca} signer
	shift 2
	[ -e "$to.pem" ] && return
	case $by in
	self) signer=(-signkey "$to.key") ;;
	*) signer=(-CA "$WORK/tls/$by.pem" -CAkey "$WORK/tls/$by.key" -CAcreateserial) ;;
	esac
	openssl req -newkey "${KEY:-rsa:2048}" -nodes -subj "$subject" -keyout "$to.key" \
		-out "$to.csr" 2>/dev/null
	faketime "${FROM:-1 minute ago}" openssl x509 -req -days "${DAYS:-397}" -"${DIGEST:-sha256}" "${signer[@]}" \
		-extfile <(printf '%s\n' "$@") -in "$to.csr" -out "$to.pem" 2>"$to.log" ||
		die "no certificate: $(cat "$to.log")"
	chmod 644 "$to.key"             # Squid and Apache's helpers are nobody's friends
}

NAMES="subjectAltName=DNS:$WSUS_NAME"
SERVING='extendedKeyUsage=serverAuth'
LEAF='basicConstraints=CA:FALSE'

# The authority that clients of the lab trust, and a plain certificate for the update point.
certificates() {
	local ISSUER='' DAYS='' FROM='' KEY='' DIGEST=''
	authority ca '/CN=Corp Example Root CA'
	issue server "/CN=$WSUS_NAME" "$NAMES" "$SERVING" "$LEAF"
}

# An authority below the root: $WORK/tls/issuing.pem, whose leaves need it beside them.
intermediate() {
	authority ca '/CN=Corp Example Root CA'
	ISSUER='' DAYS=1825 issue issuing '/CN=Corp Example Issuing CA' 'basicConstraints=critical,CA:TRUE' \
		'keyUsage=critical,keyCertSign,cRLSign'
}
