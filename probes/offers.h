/* probes/offers.h - logins that an answer 401 or 407 offers (RFC 9110 section 11.6.1). */
#ifndef PROBES_OFFERS_H
#define PROBES_OFFERS_H

#include "probes/plan.h"

/* Each scheme once, in the order of the headers of that name: "Negotiate, NTLM, Basic"; "": none.  Returns
 * `text`. */
const char *offers_text(const struct fetch_result *result, struct span header, char text[static OFFERS_TEXT]);

/* Whether such a text names the scheme. */
bool offers_has(const char *offers, struct span scheme);

#endif
