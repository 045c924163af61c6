/* veil/veil.h - the veil between a source and an engine: frames in, pseudonymous frames out.
 *
 *   reading 1   values, wherever they stand in frames and streams                  \  readings of the same
 *   reading 2   what takes the place of which bytes of TCP streams                  | frames in the same
 *   reading 3   each frame rewritten; and as often again as somebody needs them     /  order
 *
 * Link and IP addresses, transport and ICMP headers, UDP payloads and checksums are rewritten frame by
 * frame (veil/packet.h), TCP payloads by what streams decided (veil/streams.h, edits.h): equal bytes
 * of a stream become equal bytes in every retransmission.  What nobody knows how to rewrite is
 * blanked.  Lengths, times, ports and numbers stay, so that whoever judges sees the same story.
 *
 *   names.[ch]      the registry; addresses.[ch] its addresses     find.[ch]   values in free text
 *   packet.[ch]     a frame, layer by layer                        udp*.[ch]   DNS, NetBIOS, DHCP
 *   streams.[ch]    from connections to rewriters                  edits.[ch]  their decisions
 *   http*, soap*    bodies and heads of HTTP                        tls*        records, hellos, certificates
 *   check.[ch]      is any value left in what was written?
 */
#ifndef VEIL_VEIL_H
#define VEIL_VEIL_H

#include "base/frame.h"
#include "facts/fact.h"
#include "veil/names.h"

struct rewriter;
struct tlskeys;
struct veil;

struct veil_options {
	uint8_t key[NAMES_KEY];
	bool steady;                    /* see names_new */
	size_t memory;                  /* bytes */
	struct tlskeys *keys;           /* borrowed: what opens TLS; NULL */
	const struct rewriter *const *rewriters;        /* borrowed; NULL: those of streams.h */
};

struct veil *veil_new(const struct veil_options *o);    /* NULL: out of memory */
void veil_free(struct veil *v);

/* A frame of the reading at hand.  Of the third it becomes what it is under the veil; its bytes are lent
 * until the next call. */
void veil_pass(struct veil *v, struct frame *frame);

/* Of reading 1 also what an ordinary engine states. */
struct fact_sink veil_listener(struct veil *v);

/* The next reading begins: the second, the third, the third again.  False: out of memory. */
bool veil_turn(struct veil *v);

struct names *veil_names(struct veil *v);

/* What could not be rewritten and was blanked though somebody may need it: for want of memory, or
 * room. */
uint64_t veil_blanked(const struct veil *v);

/* NSS key log lines that open the TLS of the copy, and nothing else; empty: none. */
struct span veil_secrets(const struct veil *v);

#endif
