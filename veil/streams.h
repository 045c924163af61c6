/* veil/streams.h - rewriters of streams: who reads what a TCP connection carries, and decides about
 * its bytes.
 *
 *   tap (bytes in order) -> stream: finds by first bytes who rewrites -> lane: keep, put, fill
 *
 * A rewriter hears the same stream twice.  The first time (`env->finder` is NULL) it shows all values
 * to the registry and what it decides is dropped; the second time pseudonyms are known, and it
 * decides.  It does the same both times.  It may decide late, when more has come (a body whose length
 * must stay), and in any order; what it never decides about is blanked to zeros.  Bytes of a rewriter
 * of its own inside (HTTP in a CONNECT tunnel, in TLS) go to a stream_new of their own, with a lane
 * that says where they lie.
 *
 * Offsets count from the stream's first byte that was seen, upwards; what is left out is a hole.  What
 * a rewriter holds is drawn on env->budget and has a ceiling.
 */
#ifndef VEIL_STREAMS_H
#define VEIL_STREAMS_H

#include "base/buf.h"
#include "facts/connection.h"
#include "facts/limits.h"
#include "veil/names.h"

struct finder;
struct tlskeys;

/* Where decisions go. */
struct lane {
	void *self;
	void (*keep)(void *self, enum side from, uint64_t at, uint64_t len);
	void (*put)(void *self, enum side from, uint64_t at, struct span bytes);
	void (*fill)(void *self, enum side from, uint64_t at, uint64_t len, uint8_t byte);
};

struct rewriter;

struct stream_shared {                  /* by all streams of a reading; borrowed */
	struct names *names;
	const struct rewriter *const *rewriters;        /* NULL: rewriters_all */
	const struct finder *finder;    /* NULL while values are learned */
	struct budget *budget;
	struct tlskeys *keys;           /* what opens TLS; NULL: nothing does */
	struct buf *secrets;            /* key log lines that open the copy, and nothing else */
	uint64_t blanked;               /* bodies, records ... that could not be rewritten and were blanked */
};

struct stream_env {                     /* what a rewriter is born with */
	struct stream_shared *shared;
	struct lane lane;               /* copied */
	const struct connection *conn;  /* borrowed: as it is now, until the stream has ended */
	uint16_t port;                  /* of the server, or what a CONNECT names; 80 inside TLS */
	unsigned depth;                 /* of streams in streams; STREAM_DEPTH_MAX */
};

enum { STREAM_DEPTH_MAX = 5 };

struct rewriter {
	const char *name;
	void *(*create)(const struct stream_env *env);          /* copies *env; NULL: out of memory */
	void (*destroy)(void *self);
	void (*bytes)(void *self, enum side from, uint64_t at, struct span bytes);
	void (*hole)(void *self, enum side from, uint64_t at, uint64_t len);
	void (*end)(void *self);                                /* nothing more comes: decide what waits */
};

/* Who rewrites what is found at the beginning of a stream (enum sniff); NULL: nobody, and it is blanked. */
enum { REWRITERS = 8 };
extern const struct rewriter *const rewriters_all[REWRITERS];

extern const struct rewriter rewriter_http;     /* http.c */
extern const struct rewriter rewriter_tls;      /* tls.c */
extern const struct rewriter rewriter_dns;      /* dnsstream.c */

struct stream;

struct stream *stream_new(const struct stream_env *env);        /* NULL: out of memory, or too deep */
void stream_free(struct stream *s);
void stream_bytes(struct stream *s, enum side from, uint64_t at, struct span bytes);
void stream_hole(struct stream *s, enum side from, uint64_t at, uint64_t len);
void stream_end(struct stream *s);

#endif
