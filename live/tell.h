/* live/tell.h - what the journal tells, as each output says it: text, event lines, syslog, systemd's journal.
 *
 * Nothing here waits: streams are spools, and a socket that is full costs the
 * message, which is counted.
 *
 *   syslog    Without a target the system's own socket, /dev/log, in the form of
 *             syslog(3): what journald, rsyslog and syslog-ng expect there, and
 *             logger(1) sends.  With a target RFC 5424: PATH, a socket of this
 *             system, or udp:HOST:PORT (RFC 5426); on a stream octets are
 *             counted (RFC 6587 section 3.4.1).
 *   journald  The native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL), on a
 *             socket of our own: sd_journal_sendv waits for a journald that
 *             does not read.
 */
#ifndef LIVE_TELL_H
#define LIVE_TELL_H

#include "base/fault.h"
#include "live/journal.h"
#include "report/events.h"

#define TELL_SYSLOG_PATH   "/dev/log"
#define TELL_JOURNALD_PATH "/run/systemd/journal/socket"

enum tell_form { TELL_TEXT, TELL_EVENTS, TELL_SYSLOG, TELL_JOURNALD };

/* For the keeper: the path of the socket that a target means; NULL: it is none of this system. */
const char *tell_path(enum tell_form form, const char *target);

/* Before rights are dropped: a socket, connected; a host's name is looked up.  -1: the fault tells why. */
int tell_connect(enum tell_form form, const char *target, struct fault *f);

struct tell_options {
	enum tell_form form;
	struct report_style style;
	FILE *out;                      /* TELL_TEXT; borrowed */
	struct events *events;          /* TELL_EVENTS; borrowed */
	int fd;                         /* TELL_SYSLOG, TELL_JOURNALD: of tell_connect; its own from now on */
	const char *target;             /* TELL_SYSLOG: as for tell_connect; NULL: none */
	/* A socket broke: another, connected, or -1; asked once in ten seconds.  NULL: there is none. */
	int (*again)(void *self);
	void *self;
};

struct tell;

struct tell *tell_new(const struct tell_options *o);    /* NULL: out of memory; fd is closed then, too */
void tell_free(struct tell *t);

/* What the style does not show (report_text_shows) is left out. */
void tell_entry(struct tell *t, const struct journal_entry *e);

/* Messages that found no room, or nobody who takes them. */
uint64_t tell_lost(const struct tell *t);

/* What an entry says beside its word, kind and parties: "after 14 min, 230 times".  Returns `text`. */
enum { TELL_TEXT_MAX = 2048 };
const char *tell_sentence(const struct journal_entry *e, bool reveal, char text[static TELL_TEXT_MAX]);

#endif
