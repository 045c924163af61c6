/* tests/calls.h - calls of the update services from fields of a line of tests/exchanges.h.
 *
 * Where a line says "CALL METHOD" in place of a method and a target, it is the POST of that call, whose
 * bodies were read.  METHOD is a name of facts/wsusmethods.h; those that exist twice, and the ones for
 * administration, follow their service: "ServerSync/GetCookie", "DssAuth/GetAuthorizationCookie",
 * "Api/GetServerVersion".
 * Fields then say more, in the request or in the answer; a value with blanks stands between double quotes:
 *
 *   values NAME=VALUE...        values by their names in facts/wsusfields.def: texts, numbers, true and
 *                               false; a moment is a count of seconds, a secret any word (its length and
 *                               a hash of it are kept)
 *   fault ERROR [message=TEXT] [text=TEXT] [id=TEXT]    "-": a fault without an ErrorCode
 *   update [revision_id=N] [id=GUID] [revision=N] [title=] [kb=] [severity=] [type=] [handler=] [action=]
 *          [arguments=] [bulletin=] [leaf=true]
 *   file, location [name=] [url=] [sha1=40 HEX] [size=N] [revision_id=N]
 *   event NUMBER [hresult=HEX] [time=S] [source=N] [id=GUID] [revision=N] [target=] [app=] [text=] [more=]
 *         [build=N] [ubr=N] [instance=GUID]
 *   odd NAME                    an anomaly of that side, as in facts/soap.h: "odd HTML"
 *   unread                      nobody read the bodies
 */
#ifndef TESTS_CALLS_H
#define TESTS_CALLS_H

#include "base/arena.h"
#include "facts/exchange.h"

struct call_text;

/* Makes `x` the call of that name; its path becomes the target.  NULL: no such method. */
struct call_text *call_begin(struct arena *arena, struct exchange *x, struct span name);

/* The header that names it on the wire. */
struct http_header call_action(const struct call_text *call);

/* False: the field is no word about calls. */
bool call_field(struct call_text *call, enum side from, struct span field);

/* The line is read: what was said hangs on the exchange. */
void call_end(struct call_text *call);

#endif
