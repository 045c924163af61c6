/* analyzers/clientevents.c - the table of clients' events. */
#include "analyzers/clientevents.h"

#include <stddef.h>

#include "base/tongue.h"

static const struct client_event events[] = {
	{ 147, TASK_SCAN, RESULT_DONE, N_("scan finished") },
	{ 148, TASK_SCAN, RESULT_FAILED, N_("scan failed") },
	{ 149, TASK_SCAN, RESULT_FAILED, N_("no connection") },
	{ 154, TASK_SCAN, RESULT_FAILED, N_("invalid product id") },
	{ 157, TASK_SCAN, RESULT_FAILED, N_("scan could not begin") },
	{ 158, TASK_SCAN, RESULT_FAILED, N_("service registration failed") },
	{ 161, TASK_DOWNLOAD, RESULT_FAILED, N_("download failed") },
	{ 162, TASK_DOWNLOAD, RESULT_DONE, N_("download succeeded") },
	{ 164, TASK_DOWNLOAD, RESULT_DONE, N_("download succeeded") },
	{ 182, TASK_INSTALL, RESULT_FAILED, N_("installation failed") },
	{ 183, TASK_INSTALL, RESULT_DONE, N_("installation succeeded") },
	{ 184, TASK_INSTALL, RESULT_DONE, N_("installation succeeded") },
	{ 187, TASK_INSTALL, RESULT_FAILED, N_("installation stopped after its time") },
	{ 190, TASK_INSTALL, RESULT_DONE, N_("installation succeeded") },
	{ 191, TASK_INSTALL, RESULT_DONE, N_("installation succeeded") },
	{ 192, TASK_INSTALL, RESULT_FAILED, N_("scheduled installation stopped after its time") },
	{ 195, TASK_INSTALL, RESULT_FAILED, N_("scheduled installation failed") },
	{ 197, TASK_INSTALL, RESULT_DONE, N_("installation at shutdown succeeded") },
	{ 198, TASK_INSTALL, RESULT_FAILED, N_("installation at shutdown failed") },
	{ 199, TASK_INSTALL, RESULT_DONE, N_("installation at shutdown succeeded") },
	{ 200, TASK_INSTALL, RESULT_FAILED, N_("installation at shutdown stopped after its time") },
	{ 203, TASK_INSTALL, RESULT_BY_CODE, N_("result after the restart") },
	{ 204, TASK_INSTALL, RESULT_FAILED, N_("failed after the restart") },
	{ 221, TASK_UNINSTALL, RESULT_FAILED, N_("removal failed") },
	{ 222, TASK_UNINSTALL, RESULT_DONE, N_("removal succeeded") },
	{ 224, TASK_UNINSTALL, RESULT_DONE, N_("removal succeeded") },
	{ 225, TASK_UNINSTALL, RESULT_FAILED, N_("removal stopped after its time") },
	{ 522, TASK_INSTALL, RESULT_FAILED, N_("commit failed") },
	{ 523, TASK_INSTALL, RESULT_DONE, N_("commit succeeded") },
	{ 525, TASK_INSTALL, RESULT_FAILED, N_("commit stopped after its time") },
	{ 541, TASK_UNINSTALL, RESULT_FAILED, N_("revert failed") },
	{ 542, TASK_UNINSTALL, RESULT_DONE, N_("revert succeeded") },
	{ 544, TASK_UNINSTALL, RESULT_DONE, N_("revert succeeded") },
	{ 545, TASK_UNINSTALL, RESULT_FAILED, N_("revert stopped after its time") },
};

const struct client_event *client_event(int32_t id)
{
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i].id == id)
			return &events[i];
	return NULL;
}

const char *client_task_title(enum client_task t)
{
	static const char *const titles[] = {
#define X(symbol, title) [TASK_##symbol] = title,
		CLIENT_TASKS(X)
#undef X
	};

	return titles[t];
}
