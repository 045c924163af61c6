/* decoders/stack.h - which decoder sits on which stream.
 *
 * A conversation is two byte streams.  Whoever carries one (TCP, a CONNECT
 * tunnel, later TLS) hands its bytes to a stack, in order, and the stack finds
 * by first bytes, then by port, the protocol that reads them: HTTP with CONNECT
 * with TLS with HTTP inside is three stacks of one kind.
 */
#ifndef DECODERS_STACK_H
#define DECODERS_STACK_H

#include "base/budget.h"
#include "facts/fact.h"
#include "facts/limits.h"

struct certs;
struct coding_pool;
struct contenthash;
struct http_pool;
struct lookups;
struct missed;
struct soap_pool;
struct tlskeys;

enum { STACK_DEPTH_MAX = 5 };           /* a tunnel in a tunnel ... */

struct mark {                           /* where bytes came from */
	uint64_t frame;
	int64_t time;
};

/* What a conversation ends by; told before stack_free. */
enum stack_end { STACK_END_CAPTURE, STACK_END_FIN, STACK_END_RESET, STACK_END_SILENCE };

/* Who hears the bytes of TCP connections in order, and no decoder does: `at` counts as track_place does, of
 * `len` bytes those behind `bytes` were not captured, and what is left out never came. */
struct stack_tap {
	void *self;
	void (*bytes)(void *self, const struct connection *c, enum side from, uint64_t at, struct span bytes,
	              uint64_t len);
};

struct stack_context {                  /* shared by all stacks of an engine; borrowed */
	const struct fact_sink *sink;
	struct limits *limits;
	struct missed *missed;          /* when connections were forgotten; NULL: nobody asks */
	struct budget *budget;          /* for all that connections hold; NULL: measured by nobody */
	bool all;                       /* keep the bodies of everything, not of the update path only */
	struct coding_pool *codings;    /* decoders of bodies, kept between them; NULL: made for each */
	struct http_pool *exchanges;    /* exchanges and their memory, kept between them; NULL: as above */
	struct soap_pool *soaps;        /* parsers of update calls, kept between them; NULL: as above */
	struct contenthash *hashes;     /* of update files that pass; NULL: none are taken */
	struct certs *certs;            /* certificates seen, parsed once; NULL: none are parsed */
	struct tlskeys *keys;           /* what opens TLS; NULL: nothing does */
	struct lookups *lookups;        /* who hears of DNS over TCP; NULL: nobody */
	const struct stack_tap *tap;    /* NULL: decoders hear */
};

struct stack;

/* What a conversation runs inside of; all borrowed, and they outlive the stack. */
struct stack_place {
	const struct connection *conn;
	const struct exchange *tunnel;          /* the CONNECT outside, or NULL */
	const struct tls_session *tls;          /* the TLS session outside, or NULL */
	unsigned depth;
};

/* NULL: out of memory or too deep. */
struct stack *stack_new(const struct stack_context *context, const struct stack_place *place);
void stack_free(struct stack *s);

/* In-order bytes of one side. */
void stack_bytes(struct stack *s, enum side from, struct span bytes, struct mark mark);

/* `len` bytes of that side are missing for good.  STACK_UNKNOWN: nobody knows how many. */
#define STACK_UNKNOWN UINT64_MAX
void stack_hole(struct stack *s, enum side from, uint64_t len, struct mark mark);

/* How many of that side's next bytes nobody needs to see.  The carrier may tell of such bytes, all or some,
 * by stack_skip in place of stack_bytes, and need not have captured them. */
uint64_t stack_skippable(const struct stack *s, enum side from);
void stack_skip(struct stack *s, enum side from, uint64_t len, struct mark mark);

/* That side will send no more (FIN). */
void stack_close(struct stack *s, enum side from, struct mark mark);

/* The conversation is over: states every fact that was still open.  conn says by whom it was closed. */
void stack_end(struct stack *s, enum stack_end how, struct mark mark);

#endif
