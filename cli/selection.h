/* cli/selection.h - which frames of a capture its findings rest on, so that these alone give them again.
 *
 * What a finding needs beyond the frames that it names differs by kind: its
 * connections, lookups, what else its client did.  So nothing is guessed twice:
 * frames are taken, judged by themselves, and where another finding comes of
 * them more are taken for it, step by step.  Readings, each of all frames:
 *
 *   selection_learn          once: connections of the named frames, lookups that led to them
 *   selection_begin, _take   which frames; then whoever owns the engine judges just these
 *   selection_judge          true: begin again, with more
 *   selection_explain        whose a frame is, while it is written
 */
#ifndef CLI_SELECTION_H
#define CLI_SELECTION_H

#include "analyzers/finding.h"
#include "base/frame.h"

struct selection;

/* X(symbol) - why a frame is there, the best reason first. */
#define SELECTION_REASONS(X) X(NAMED) X(LOOKUP) X(FRAGMENT) X(CONNECTION) X(AROUND)

#define X(symbol) SELECTED_##symbol,
enum selection_reason { SELECTION_REASONS(X) };
#undef X

struct selected {
	const struct finding *finding;
	enum selection_reason reason;
};

/* For findings from that severity on, which are borrowed.  NULL: out of memory. */
struct selection *selection_new(const struct findings *findings, enum severity from);
void selection_free(struct selection *s);

void selection_learn(struct selection *s, const struct frame *frame);
bool selection_begin(struct selection *s);      /* false: out of memory, now or before */
void selection_take(struct selection *s, const struct frame *frame);
bool selection_taken(struct selection *s);      /* the reading is over; false: out of memory */

bool selection_has(const struct selection *s, uint64_t frame);
uint64_t selection_frames(const struct selection *s);

/* `again`: what the taken frames gave by themselves.  True: another selection is worth trying. */
bool selection_judge(struct selection *s, const struct findings *again);

/* When none is: true, a round before was better, and is to be taken (and judged) once more. */
bool selection_back(struct selection *s);

/* Of findings as they are in the report: whether the last selection gave it again. */
bool selection_gives(const struct selection *s, const struct finding *n);
size_t selection_missing(const struct selection *s);    /* findings that it does not give, ... */
size_t selection_extra(const struct selection *s);      /* ... and that it gives besides */

/* Whose a taken frame is; at most `most`, how many.  Frames come in order, after selection_rewind. */
void selection_rewind(struct selection *s);
size_t selection_explain(struct selection *s, const struct frame *frame, struct selected *to, size_t most);

#endif
