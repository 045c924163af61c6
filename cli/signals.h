/* cli/signals.h - what signals ask of a live run, to be looked at between packets. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>

#include "capture/source.h"

/* SIGINT and SIGTERM stop the source (a second SIGINT is the system's again), SIGUSR1 asks for a summary,
 * SIGHUP for files to be opened anew; SIGPIPE is ignored. */
void signals_catch(struct source *s);
void signals_release(void);             /* the source is no longer to be stopped */

bool signals_stopped(void);             /* the source was told to stop */

/* Each is true once for each time it was asked. */
bool signals_summary(void);
bool signals_reopen(void);

#endif
