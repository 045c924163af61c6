/* cli/chosen.h - the readings in which evidence is chosen and judged, until it stands by itself. */
#ifndef CLI_CHOSEN_H
#define CLI_CHOSEN_H

#include "cli/again.h"
#include "cli/hellos.h"
#include "cli/run.h"
#include "cli/selection.h"

/* What readings share. */
struct chosen {
	struct run *run;                /* borrowed, as all here: its engine has judged the whole */
	struct again *again;
	const struct report *report;
	int64_t until;                  /* when the capture was over, ns */
	uint64_t dropped;               /* frames, as its files tell */
	struct source *source;          /* while one reads */
	struct engine *judge;           /* while one judges */
	struct selection *selection;    /* the result; NULL: nothing was chosen */
	struct hellos hellos;           /* of sessions whose packets were chosen */
};

void chosen_init(struct chosen *c, struct run *r, struct again *a, const struct report *report);
void chosen_release(struct chosen *c);

/* `named_alone`: whose a frame is will be asked of frames that findings name, and no frame is chosen.  False:
 * the fault tells. */
bool chosen_fill(struct chosen *c, bool named_alone, struct fault *f);

/* One reading: `take` gets each frame, `listener` what is beside them.  c->source is there meanwhile. */
bool chosen_read(struct chosen *c, void (*take)(void *self, const struct frame *frame), void *self,
                 struct source_listener listener, struct fault *f);

#endif
