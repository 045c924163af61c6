/* facts/codes.h - what numbers mean: HRESULTs of agents, BITS, WinHTTP, trust and Windows Web Services; HTTP
 * statuses with IIS's sub-statuses and HTTP.sys's reasons; alerts of TLS; ErrorCodes and events of WSUS,
 * status messages of ConfigMgr.
 *
 * One source (facts/codes_*.def); `explain` shows it, findings quote it.  All text is static.
 */
#ifndef FACTS_CODES_H
#define FACTS_CODES_H

#include "base/span.h"

/* X(symbol, name in outputs, word before the number, which log to read) */
#define CODE_FAMILIES(X)                                                                                \
	X(HRESULT, "client error code", "error", "")                                                    \
	X(HTTP, "HTTP status", "http", "the IIS log (sc-status sc-substatus sc-win32-status); what is "  \
	  "not in it was answered by HTTP.sys (HTTPERR log) or by a device before the server")           \
	X(SOAP, "ErrorCode of a WSUS fault", "errorcode", "SoftwareDistribution.log of the server, by "  \
	  "the fault's ID; WindowsUpdate.log of the client")                                            \
	X(TLS_ALERT, "TLS alert", "alert", "System log, source Schannel: 36887 received, 36888 sent")   \
	X(WSUS_EVENT, "event that a client reports", "event", "WindowsUpdate.log of the client")        \
	X(SERVER_EVENT, "event of the WSUS server", "event", "Application log of the server, source "    \
	  "Windows Server Update Services; SoftwareDistribution.log")                                   \
	X(WINDOWS_EVENT, "Windows event", "event", "the log named, in Event Viewer")                    \
	X(STATUS_MESSAGE, "status message of ConfigMgr", "status",                 \
	  "wsyncmgr.log and WCM.log of the site server")                                                \
	X(HTTPERR, "reason in the HTTPERR log", "reason",                              \
	  "%windir%\\System32\\LogFiles\\HTTPERR of the server")                                      \
	X(PROXY, "error of a proxy", "proxy", "the proxy's own log")                                    \
	X(MARK, "mark of who answered", "header", "a capture, or curl -v")

#define X(symbol, name, word, log) CODE_##symbol,
enum code_family { CODE_FAMILIES(X) CODE_FAMILY_COUNT };
#undef X

struct code {
	enum code_family family;
	uint32_t value;                 /* HTTP: status * 1000 + sub-status; SOAP: enum soap_error */
	const char *name;               /* "WU_E_PT_WINHTTP_NAME_NOT_RESOLVED" */
	const char *meaning;            /* a sentence or two */
	const char *wire;               /* what is on the wire, likeliest first, one a line; "" nothing */
	const char *kinds;              /* finding kinds that show it, separated by blanks; "" */
	const char *advice;             /* what to do, how to tell several wires apart; "" */
};

/* Whose an HRESULT is, by its upper bits. */
struct code_owner {
	uint32_t mask, bits;
	const char *name;               /* "the Windows Update Agent" */
	const char *log;                /* which log to read */
};

/* NULL: not known. */
const struct code *code_find(enum code_family family, uint32_t value);
const struct code *code_named(enum code_family family, struct span name);       /* letters of either case */

/* All codes, family by family as CODE_FAMILIES has them or not: `at` below the count. */
size_t code_count(void);
const struct code *code_at(size_t at);

const char *code_family_name(enum code_family family);
const char *code_family_word(enum code_family family);

/* Which log to read of this code. */
const char *code_log(const struct code *c);

/* Never NULL: what nobody owns is "unknown". */
const struct code_owner *code_owner_of(uint32_t hresult);

/* An HRESULT in few words for a finding: name and meaning ("ERROR_WINHTTP_TIMEOUT: ..."), or what its bits
 * tell ("Win32 error 1603").  Returns `text`, which is always terminated. */
const char *code_hresult_text(uint32_t value, char *text, size_t size);

#endif
