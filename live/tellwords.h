/* live/tellwords.h - the words of an entry that all outputs share. */
#ifndef LIVE_TELLWORDS_H
#define LIVE_TELLWORDS_H

#include "base/buf.h"
#include "live/journal.h"

enum { PARTIES_TEXT = 160 };

/* "192.0.2.50 -> 192.0.2.1:8530 via 192.0.2.9:3128"; "" none.  Returns `text`. */
const char *tell_parties(const struct finding *n, char text[static PARTIES_TEXT]);

/* As one line of harmless UTF-8, each character that is none of that a '?'. */
void tell_clean(struct buf *to, const char *text);

/* 2 critical, 3 error, 4 warning, 5 notice, 6 informational (RFC 5424 section 6.2.1). */
unsigned tell_priority(const struct journal_entry *e);

enum { TELL_FACILITY = 3 };             /* system daemons (RFC 5424 table 1) */

/* "raised proxy-auth-required severity=error ... client=192.0.2.50 ...: The proxy wants a login", clean. */
void tell_message(struct buf *to, const struct journal_entry *e, bool reveal);

#endif
