/* facts/codes.h - what numbers mean: HRESULTs of agents, BITS, WinHTTP, trust and Windows Web Services; HTTP
 * sub-statuses, Windows events, ConfigMgr's status messages.
 *
 * One source (facts/codes_*.def); `explain` shows it, findings quote it.
 */
#ifndef FACTS_CODES_H
#define FACTS_CODES_H

#include "base/span.h"

/* X(symbol, name in outputs) */
#define CODE_FAMILIES(X)                                                \
	X(HRESULT,     "client error code")                             \
	X(HTTP,        "HTTP status")           /* status * 1000 + sub-status */ \
	X(SOAP,        "WSUS ErrorCode")        /* by name */           \
	X(TLS_ALERT,   "TLS alert")                                     \
	X(WINDOWS_EVENT, "Windows event")                               \
	X(WSUS_EVENT,  "event a client reports")                        \
	X(STATUS_MESSAGE, "ConfigMgr status message")                   \
	X(SERVER_EVENT, "WSUS server event")

#define X(symbol, name) CODE_##symbol,
enum code_family { CODE_FAMILIES(X) CODE_FAMILY_COUNT };
#undef X

struct code {                           /* all static text */
	enum code_family family;
	uint32_t value;
	const char *name;               /* "WU_E_PT_WINHTTP_NAME_NOT_RESOLVED" */
	const char *meaning;            /* one sentence */
	const char *wire;               /* what is on the wire; "" nothing typical */
	const char *kinds;              /* finding kinds that show it, separated by blanks; "" */
	const char *advice;             /* what to do, which log to read; "" */
};

/* NULL: not known. */
const struct code *code_find(enum code_family family, uint32_t value);

/* An HRESULT in few words for a finding: name and meaning, or its family ("Win32 error 1603"). */
const char *code_hresult_text(uint32_t value, char *text, size_t size);

#endif
