/* live/telljournald.c - fields of systemd's journal. */
#include <stdio.h>
#include <string.h>

#include "live/tell.h"
#include "live/tellformats.h"
#include "live/tellwords.h"
#include "report/mask.h"

/* Of each word, for ever the same: journalctl MESSAGE_ID=... finds all of it (systemd.journal-fields(7)). */
static const char *message_id(enum journal_word w)
{
	static const char *const ids[] = {
		[JOURNAL_RAISED] = "5e6be4dc6e43483aad12fe9a63f30166",
		[JOURNAL_AGAIN] = "c48ce6554a014373be81a271a0dabe16",
		[JOURNAL_UPDATED] = "2bfad5d82fdc478fbbed3c57eccfd384",
		[JOURNAL_RESOLVED] = "121670a67a4f45ab90db25e90e27fdc2",
		[JOURNAL_CEASED] = "51958d78fea042e58b3a43f7c21dde76",
		[JOURNAL_WITHDRAWN] = "c3893698a15649d285b8c17450fc8249",
		[JOURNAL_MORE] = "f863cde1ba0d43edbb6ad9357776affc",
	};

	return ids[w];
}

static void put_field(struct buf *to, const char *name, struct span value)
{
	uint8_t len[8];

	if (span_byte(value, '\n') == SIZE_MAX) {
		buf_printf(to, "%s=", name);
		buf_add(to, value);
		buf_add_byte(to, '\n');
		return;
	}
	/* A value of several lines: its length, eight bytes, little endian. */
	for (size_t i = 0; i < sizeof len; i++)
		len[i] = (uint8_t)((uint64_t)value.len >> (8 * i));
	buf_printf(to, "%s\n", name);
	buf_add(to, span_of(len, sizeof len));
	buf_add(to, value);
	buf_add_byte(to, '\n');
}

static void put_text(struct buf *to, const char *name, const char *value)
{
	if (value[0])
		put_field(to, name, span_text(value));
}

static void put_clean(struct buf *to, const char *name, const char *value)
{
	struct buf clean;

	buf_init(&clean, TELL_MESSAGE_MAX);
	tell_clean(&clean, value);
	if (clean.len)
		put_field(to, name, buf_span(&clean));
	buf_release(&clean);
}

static void put_count(struct buf *to, const char *name, uint64_t count)
{
	buf_printf(to, "%s=%llu\n", name, (unsigned long long)count);
}

static void put_time(struct buf *to, const char *name, int64_t when)
{
	char text[MOMENT_TEXT];

	put_text(to, name, moment_text(when, text));
}

/* "proxy-auth-required resolved, 192.0.2.50 -> 192.0.2.9:3128: after 14 min, failed 230 times" */
static void put_message(struct buf *to, const struct journal_entry *e, bool reveal)
{
	char text[TELL_TEXT_MAX], parties[PARTIES_TEXT], all[TELL_TEXT_MAX + PARTIES_TEXT + 80];

	tell_parties(e->finding, parties);
	snprintf(all, sizeof all, "%s %s%s%s: %s", finding_row(e->finding->kind)->kind,
	         journal_word_name(e->word), parties[0] ? ", " : "", parties, tell_sentence(e, reveal, text));
	put_clean(to, "MESSAGE", all);
}

static void put_finding(struct buf *to, const struct finding *n, bool reveal)
{
	char client[ADDR_TEXT], server[ENDPOINT_TEXT], shown[SHOWN_TEXT];

	put_text(to, "WSUSCOPE_KIND", finding_row(n->kind)->kind);
	put_text(to, "WSUSCOPE_SEVERITY", severity_name(n->severity));
	put_text(to, "WSUSCOPE_CONFIDENCE", confidence_name(n->confidence));
	put_text(to, "WSUSCOPE_TITLE", n->title);
	if (n->has_client)
		put_text(to, "WSUSCOPE_CLIENT", addr_text(&n->client, client));
	if (n->has_server)
		put_text(to, "WSUSCOPE_SERVER", endpoint_text(&n->server, server));
	if (n->has_via)
		put_text(to, "WSUSCOPE_VIA", endpoint_text(&n->via, server));
	put_clean(to, "WSUSCOPE_ANSWERED_BY", n->answered_by);
	put_text(to, "WSUSCOPE_CODES", n->codes);
	put_clean(to, "WSUSCOPE_CAUSE", mask_text(n->cause, reveal, shown));
	put_text(to, "WSUSCOPE_REMEDY", n->remedy);
}

void tell_format_journald(struct buf *to, const struct journal_entry *e, const struct tell_origin *o)
{
	put_message(to, e, o->reveal);
	put_text(to, "MESSAGE_ID", message_id(e->word));
	put_count(to, "PRIORITY", tell_priority(e));
	put_count(to, "SYSLOG_FACILITY", TELL_FACILITY);
	put_text(to, "SYSLOG_IDENTIFIER", "wsuscope");
	put_text(to, "WSUSCOPE_WORD", journal_word_name(e->word));
	put_finding(to, e->finding, o->reveal);
	put_count(to, "WSUSCOPE_COUNT", e->count);
	put_time(to, "WSUSCOPE_SINCE", e->since);
	if (e->until != MOMENT_NONE)
		put_time(to, "WSUSCOPE_UNTIL", e->until);
	if (e->word == JOURNAL_MORE) {
		put_count(to, "WSUSCOPE_MORE", e->raised);
		put_count(to, "WSUSCOPE_MORE_CLIENTS", e->clients);
		put_count(to, "WSUSCOPE_MORE_OVER", e->over);
	}
}
