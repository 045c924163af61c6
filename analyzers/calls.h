/* analyzers/calls.h - what analyzers of update calls ask of an exchange. */
#ifndef ANALYZERS_CALLS_H
#define ANALYZERS_CALLS_H

#include "analyzers/web.h"
#include "facts/soap.h"
#include "facts/wsuscall.h"

/* A method that is known, on the update path; METHOD_UNKNOWN: no call. */
enum wsus_method call_method(const struct analyzer_env *env, const struct exchange *x);

/* Answered, and not with a fault. */
bool call_succeeded(const struct exchange *x);

/* The fault with an ErrorCode that WSUS answered with; NULL: none, or one of the infrastructure. */
const struct soap_fault *call_fault(const struct exchange *x);
enum soap_error call_error(const struct exchange *x);   /* NONE without one */

const char *call_error_name(enum soap_error e);         /* "ConfigChanged"; "" for OTHER and NONE */

/* Whoever hears that fetches a new cookie and begins anew (MS-WUSP 2.2.2.4). */
bool call_error_restarts(enum soap_error e);

/* The call's values; NULL: none were read. */
const struct wsus_call *call_values(const struct exchange *x);

/* From a server to the server it takes updates from (MS-WSUSSS), rollups included. */
bool call_is_between_servers(enum wsus_method m);

/* A client and a hash of the update point's name as it says it: several nodes behind one name are one. */
struct call_key {
	uint8_t bytes[16 + 8];
};

struct call_key call_key(const struct exchange *x);

int64_t call_time(const struct exchange *x);            /* when it was asked */

/* How far b lies behind a; as far as an int64_t goes where clocks are absurd. */
int64_t call_apart(int64_t a, int64_t b);

/* "4 min", "3 h 20 min", "12 d 4 h"; a sign is not told. */
enum { SPELL_TEXT = 48 };
const char *call_spell(int64_t ns, char text[static SPELL_TEXT]);

#endif
