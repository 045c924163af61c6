/* cli/veiled.h - a run under a veil: analyze --pseudonyms.
 *
 *   reading 1   the capture itself is judged, and the veil learns     (veiled_open, then as any run reads)
 *   reading 2   the veil decides about streams                        (veiled_learned)
 *   reading 3   what the veil makes of the capture is judged: that is what all reports tell, and what is
 *               written as packets.  Its findings are held against the first (veiled_tell)
 */
#ifndef CLI_VEILED_H
#define CLI_VEILED_H

#include "cli/again.h"
#include "cli/run.h"

struct veiled;

/* Before rights are given up: reads the key, or draws one.  The run has been opened, and its files have not.
 * NULL: the fault tells. */
struct veiled *veiled_open(struct run *r, struct again *again, struct fault *f);

/* The first reading is over.  From now on the run has the source, the options and the engine of the third.
 * False: the fault tells. */
bool veiled_learned(struct veiled *v, struct run *r, struct fault *f);

/* The report is written: what was replaced, and where findings differ, which is a partial result. */
void veiled_tell(struct veiled *v, struct run *r);

/* After run_close; NULL is fine. */
void veiled_free(struct veiled *v);

#endif
