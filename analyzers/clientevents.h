/* analyzers/clientevents.h - the events that clients report: which are failures, and of what
 * (MS-WUSP 2.2.2.3.1).
 */
#ifndef ANALYZERS_CLIENTEVENTS_H
#define ANALYZERS_CLIENTEVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tongue.h"

/* X(symbol, title of a finding) */
#define CLIENT_TASKS(X) \
	X(SCAN,      N_("The client reports that its scan failed")) \
	X(DOWNLOAD,  N_("The client reports that a download failed")) \
	X(INSTALL,   N_("The client reports that an installation failed")) \
	X(UNINSTALL, N_("The client reports that a removal failed"))

#define X(symbol, title) TASK_##symbol,
enum client_task { CLIENT_TASKS(X) };
#undef X

/* What an event says of its task.  BY_CODE: only its code tells. */
enum client_result { RESULT_FAILED, RESULT_DONE, RESULT_BY_CODE };

struct client_event {
	int32_t id;
	enum client_task task;
	enum client_result result;
	const char *text;               /* "download failed" */
};

const struct client_event *client_event(int32_t id);    /* NULL: says of no task how it ended */
const char *client_task_title(enum client_task t);      /* static */

/* An HRESULT that is none of success. */
static inline bool client_code_is_error(uint32_t hresult)
{
	return hresult >> 31;
}

#endif
