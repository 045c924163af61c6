/* live/tellformats.h - a message as each kind of log wants it. */
#ifndef LIVE_TELLFORMATS_H
#define LIVE_TELLFORMATS_H

#include "base/buf.h"
#include "live/journal.h"

enum { TELL_MESSAGE_MAX = 16 << 10, TELL_HOST_MAX = 256 };

struct tell_origin {
	const char *host;               /* RFC 5424's HOSTNAME; "-" unknown */
	long process;
	uint32_t sequence;              /* of the message: from 1 (RFC 5424 section 7.3.1) */
	bool reveal;
};

/* "<27>Nov 23 11:04:14 wsuscope[812]: ...", local time, as syslog(3) sends it.  On a stream a NUL ends it. */
void tell_format_local(struct buf *to, const struct journal_entry *e, const struct tell_origin *o,
                       bool stream);

/* RFC 5424, at most 2048 octets, which every receiver should take (RFC 5426 section 3.2).  On a stream octets
 * are counted. */
void tell_format_5424(struct buf *to, const struct journal_entry *e, const struct tell_origin *o,
                      bool stream);

/* systemd's native protocol: fields, a line each; those with lines of their own are counted. */
void tell_format_journald(struct buf *to, const struct journal_entry *e, const struct tell_origin *o);

#endif
