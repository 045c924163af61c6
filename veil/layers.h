/* veil/layers.h - what is rewritten in the header of each layer: addresses, and checksums to be
 * mended. */
#ifndef VEIL_LAYERS_H
#define VEIL_LAYERS_H

#include "decoders/peel_walk.h"
#include "veil/names.h"

/* Bytes as they came, and as they go on. */
struct surface {
	const uint8_t *from;
	uint8_t *to;
	size_t len;
};

enum sum_kind {
	SUM_PLAIN,
	SUM_PSEUDO,                     /* covers the addresses of the IP header, too */
	SUM_UDP,                        /* the same, and 0 means that there is none */
};

struct sum {                            /* a checksum of the surface */
	size_t field, from, to;         /* places: of itself, of what it covers */
	enum sum_kind kind;
	uint8_t old[32], new[32];       /* addresses, as many bytes of each */
	size_t address_len;
};

enum { SUMS_MAX = 2 * WALK_STEPS };

struct pass {                           /* one surface, layer by layer */
	struct names *names;
	struct walk w;
	struct packet packet;
	struct surface s;
	struct sum sums[SUMS_MAX];
	size_t sum_count;
	/* of the IP header that was seen last */
	uint8_t old[32], new[32];
	size_t address_len;
	uint8_t protocol;               /* before the step: of an IPv6 extension header, which one it is */
};

/* Has a checksum mended at the end, of all that it covers. */
void layer_sum(struct pass *x, size_t field, size_t from, size_t to, enum sum_kind kind);

/* IP headers, `len` with options. */
void layer_v4(struct pass *x, const uint8_t *at, size_t len);
void layer_v6(struct pass *x, const uint8_t *at);

/* The header of that layer, `len` bytes which the step has eaten; pass->w is behind it. */
void layer_rewrite(struct pass *x, enum walk_step layer, const uint8_t *at, size_t len);

/* What no step eats: headers of TCP (its payload is the caller's), whole ICMP messages, ARP. */
void layer_tcp(struct pass *x, struct span segment);
void layer_tcp_options(uint8_t *to, size_t len);
void layer_icmp(struct pass *x, struct span message);
void layer_arp(struct pass *x, struct span packet);

/* All checksums, the innermost first, as outer ones cover them. */
void layer_sums(struct pass *x);

static inline uint8_t *surface_to(const struct pass *x, const uint8_t *at)
{
	return x->s.to + (at - x->s.from);
}

/* From there to the end of the surface nothing is known. */
void layer_blank(struct pass *x, const uint8_t *at);

#endif
