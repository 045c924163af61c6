/* cli/engine.h - the wiring: frames to facts to findings.
 *
 *   frame -> peel -> track -> stacks -> facts -> panel (analyzers, ladders) and whoever else listens
 */
#ifndef CLI_ENGINE_H
#define CLI_ENGINE_H

#include "analyzers/analyzer.h"
#include "base/frame.h"
#include "decoders/tlskeys.h"
#include "facts/check.h"
#include "facts/missed.h"
#include "report/report.h"

struct engine;

struct engine_options {
	struct relevance_options relevance;
	size_t memory;                  /* bytes for connections, what opens them, clients; 0: the default */
	struct tlskeys *keys;           /* borrowed, of another engine; NULL: it has its own, still empty */
	struct fact_sink listener;      /* hears every fact, too; take == NULL: nobody */
	const struct missed *missed;    /* as it is known beforehand; copied; NULL: nothing was */
	/* ns of the frames' clock after which judges begin anew, so that a run of months does not judge by
	 * what was months ago, nor fill its tables; 0: never */
	int64_t renew;
};

/* Before the old judges go, the new ones hear for so long what they hear: by then they know the network. */
enum { ENGINE_OVERLAP = 24 };           /* one part of so many of `renew` */

struct engine *engine_new(const struct engine_options *options);        /* NULL: out of memory */
void engine_free(struct engine *e);

void engine_frame(struct engine *e, const struct frame *frame);

/* No frame came until then, though frames would have been seen; a time before the last frame's is none. */
void engine_pass(struct engine *e, int64_t time);

/* The connection of the last frame, or that its ICMP error quotes, as facts and findings number it;
 * ENGINE_NO_STREAM: it is of none. */
#define ENGINE_NO_STREAM UINT64_MAX
uint64_t engine_stream(const struct engine *e);

/* Time by the frames, ns since 1970; 0: there was none. */
int64_t engine_now(const struct engine *e);

/* The process holds `held` bytes by itself, of `most`: what is too much, clients go without, but no more
 * than a part of what they have; to be told some times a second. */
void engine_hold(struct engine *e, size_t held, size_t most);

/* A check of a probe, whose packets are the frames; before engine_end. */
void engine_check(struct engine *e, const struct check *check);

/* What opens TLS; to be filled before the frames of the sessions it is for. */
struct tlskeys *engine_keys(struct engine *e);

/* TLS sessions, so far, of which so much could be read. */
uint64_t engine_sessions(const struct engine *e, enum tls_reading reading);

/* What the source knows and frames do not tell, before engine_end. */
void engine_limit(struct engine *e, enum limit which, uint64_t count);

/* Packets were missed between these times: what rests on their absence is in doubt. */
void engine_missed(struct engine *e, const struct missed_span *span);

/* When packets were missed, so far. */
const struct missed *engine_misses(const struct engine *e);

/* The capture is over: states what was open, judges, settles. */
void engine_end(struct engine *e);

struct findings *engine_findings(struct engine *e);

/* What is held, and the most that may be, in bytes: connections and what they need; of these, keys; what
 * judges keep of each client. */
struct engine_memory {
	size_t used, keys, ceiling;
	size_t judges, judges_ceiling;
};
struct engine_memory engine_memory(const struct engine *e);

/* Fills counts, limits, findings and ladders of a report; they live as long as the engine. */
void engine_report(struct engine *e, struct report *r);

#endif
