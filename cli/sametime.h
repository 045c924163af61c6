/* cli/sametime.h - wsuscope compare --same-time CLIENTSIDE SERVERSIDE. */
#ifndef CLI_SAMETIME_H
#define CLI_SAMETIME_H

#include "cli/options.h"

/* Two captures of the same traffic: where it is lost, reset and changed between them.  The exit status; what
 * went wrong has been printed. */
int compare_same_time(const struct options *o);

#endif
