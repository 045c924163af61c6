/* live/tellsyslog.c - the two forms of syslog. */
#include <stdio.h>
#include <time.h>

#include "base/utf8.h"
#include "live/tellformats.h"
#include "live/tellwords.h"

enum { OCTETS_MAX = 2048, MICROSECONDS = 26 /* of "2026-11-23T11:04:14.123456789Z": no more digits */ };

static unsigned priority(const struct journal_entry *e)
{
	return TELL_FACILITY * 8 + tell_priority(e);
}

/* What does not fit is cut between characters. */
static void cut(struct buf *to, size_t len)
{
	if (to->len > len)
		to->len = utf8_whole(span_of(to->at, len)).len;
}

void tell_format_local(struct buf *to, const struct journal_entry *e, const struct tell_origin *o,
                       bool stream)
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(e->when / MOMENT_S);
	struct tm t = { 0 };

	localtime_r(&seconds, &t);
	buf_printf(to, "<%u>%s %2d %02d:%02d:%02d wsuscope[%ld]: ", priority(e), months[t.tm_mon], t.tm_mday,
	           t.tm_hour, t.tm_min, t.tm_sec, o->process);
	tell_message(to, e, o->reveal);
	cut(to, OCTETS_MAX);
	if (stream)
		buf_add_byte(to, '\0');
}

static bool is_ascii(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] >= 0x80)
			return false;
	return true;
}

/* Section 6.4: UTF-8 begins with its mark; ASCII needs none. */
static void add_message(struct buf *to, const struct journal_entry *e, bool reveal)
{
	struct buf message;

	buf_init(&message, TELL_MESSAGE_MAX);
	tell_message(&message, e, reveal);
	if (!is_ascii(buf_span(&message)))
		buf_add(to, SPAN("\xef\xbb\xbf"));
	buf_add(to, buf_span(&message));
	buf_release(&message);
}

/* MSGID names the type of message: the word. */
static const char *message_id(enum journal_word w)
{
#define X(symbol, name) [JOURNAL_##symbol] = #symbol,
	static const char *const names[] = { JOURNAL_WORDS(X) };
#undef X

	return names[w];
}

/* Only elements that IANA has registered: one of our own needs an enterprise number (section 6.3.2), and the
 * one for examples is for those (RFC 5612).  So the fields stand in the message. */
static void add_5424(struct buf *to, const struct journal_entry *e, const struct tell_origin *o)
{
	char when[MOMENT_TEXT];

	buf_printf(to, "<%u>1 %.*sZ %s wsuscope %ld %s ", priority(e), MICROSECONDS,
	           moment_text(e->when, when), o->host, o->process, message_id(e->word));
	buf_printf(to, "[meta sequenceId=\"%lu\"][origin software=\"wsuscope\"] ",
	           (unsigned long)o->sequence);
	add_message(to, e, o->reveal);
	cut(to, OCTETS_MAX);
}

void tell_format_5424(struct buf *to, const struct journal_entry *e, const struct tell_origin *o,
                      bool stream)
{
	struct buf message;

	if (!stream) {
		add_5424(to, e, o);
		return;
	}
	buf_init(&message, TELL_MESSAGE_MAX);
	add_5424(&message, e, o);
	buf_printf(to, "%zu ", message.len);
	buf_add(to, buf_span(&message));
	buf_release(&message);
}
