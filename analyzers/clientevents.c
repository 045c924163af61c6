/* analyzers/clientevents.c - the table of clients' events. */
#include "analyzers/clientevents.h"

#include <stddef.h>

static const struct client_event events[] = {
	{ 147, TASK_SCAN, RESULT_DONE, "scan finished" },
	{ 148, TASK_SCAN, RESULT_FAILED, "scan failed" },
	{ 149, TASK_SCAN, RESULT_FAILED, "no connection" },
	{ 154, TASK_SCAN, RESULT_FAILED, "invalid product id" },
	{ 157, TASK_SCAN, RESULT_FAILED, "scan could not begin" },
	{ 158, TASK_SCAN, RESULT_FAILED, "service registration failed" },
	{ 161, TASK_DOWNLOAD, RESULT_FAILED, "download failed" },
	{ 162, TASK_DOWNLOAD, RESULT_DONE, "download succeeded" },
	{ 164, TASK_DOWNLOAD, RESULT_DONE, "download succeeded" },
	{ 182, TASK_INSTALL, RESULT_FAILED, "installation failed" },
	{ 183, TASK_INSTALL, RESULT_DONE, "installation succeeded" },
	{ 184, TASK_INSTALL, RESULT_DONE, "installation succeeded" },
	{ 187, TASK_INSTALL, RESULT_FAILED, "installation stopped after its time" },
	{ 190, TASK_INSTALL, RESULT_DONE, "installation succeeded" },
	{ 191, TASK_INSTALL, RESULT_DONE, "installation succeeded" },
	{ 192, TASK_INSTALL, RESULT_FAILED, "scheduled installation stopped after its time" },
	{ 195, TASK_INSTALL, RESULT_FAILED, "scheduled installation failed" },
	{ 197, TASK_INSTALL, RESULT_DONE, "installation at shutdown succeeded" },
	{ 198, TASK_INSTALL, RESULT_FAILED, "installation at shutdown failed" },
	{ 199, TASK_INSTALL, RESULT_DONE, "installation at shutdown succeeded" },
	{ 200, TASK_INSTALL, RESULT_FAILED, "installation at shutdown stopped after its time" },
	{ 203, TASK_INSTALL, RESULT_BY_CODE, "result after the restart" },
	{ 204, TASK_INSTALL, RESULT_FAILED, "failed after the restart" },
	{ 221, TASK_UNINSTALL, RESULT_FAILED, "removal failed" },
	{ 222, TASK_UNINSTALL, RESULT_DONE, "removal succeeded" },
	{ 224, TASK_UNINSTALL, RESULT_DONE, "removal succeeded" },
	{ 225, TASK_UNINSTALL, RESULT_FAILED, "removal stopped after its time" },
	{ 522, TASK_INSTALL, RESULT_FAILED, "commit failed" },
	{ 523, TASK_INSTALL, RESULT_DONE, "commit succeeded" },
	{ 525, TASK_INSTALL, RESULT_FAILED, "commit stopped after its time" },
	{ 541, TASK_UNINSTALL, RESULT_FAILED, "revert failed" },
	{ 542, TASK_UNINSTALL, RESULT_DONE, "revert succeeded" },
	{ 544, TASK_UNINSTALL, RESULT_DONE, "revert succeeded" },
	{ 545, TASK_UNINSTALL, RESULT_FAILED, "revert stopped after its time" },
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
