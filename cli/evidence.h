/* cli/evidence.h - what of a live run is recorded: all of it, or only what findings are about. */
#ifndef CLI_EVIDENCE_H
#define CLI_EVIDENCE_H

#include "capture/pretrigger.h"
#include "capture/source.h"
#include "cli/options.h"
#include "guard/keeper.h"
#include "report/report.h"

struct evidence_file;

/* The first file is made; `filter` is what is captured by default; packets that wait for a finding take
 * `room` bytes.  NULL: none is wanted (the fault is of no kind), or the fault tells.  All is borrowed. */
struct evidence_file *evidence_open(const struct options *o, struct keeper *keeper, const struct source *s,
                                    const char *filter, size_t room, struct fault *f);

/* A frame that was analysed, of the connection `stream` (engine.h).  False: recording has just stopped, and
 * the fault tells why; it is never told again. */
bool evidence_frame(struct evidence_file *e, const struct frame *frame, uint64_t stream, struct fault *f);

/* Findings to keep packets of, one by one; those of all are recorded together. */
void evidence_finding(struct evidence_file *e, const struct finding *n);
bool evidence_take(struct evidence_file *e, struct fault *f);

/* A quiet moment, and drops so far; all frames until then have been told. */
bool evidence_turn(struct evidence_file *e, int64_t until, struct fault *f);
bool evidence_reopen(struct evidence_file *e, struct fault *f);
bool evidence_is_over(const struct evidence_file *e);

struct evidence_counts {
	uint64_t frames, bytes, missed, late;
	uint64_t waiting, room;         /* bytes in memory, and the most of them; 0: none wait */
	bool stopped;
};

struct evidence_counts evidence_counts(const struct evidence_file *e);          /* NULL: zeros */

/* NULL is fine. */
bool evidence_close(struct evidence_file *e, struct fault *f);

#endif
