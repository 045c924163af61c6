/* live/tell.c - an entry, to one output. */
#include "live/tell.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "live/tellformats.h"
#include "live/tellsocket.h"
#include "live/tellwords.h"
#include "report/mask.h"
#include "report/page.h"

enum { WORD_COLUMN = 9, INDENT = 9, DAY = 10, SINCE_OLD = 60 };

struct tell {
	struct tell_options options;
	struct tell_socket socket;
	struct tell_origin origin;
	char host[TELL_HOST_MAX];
	char day[DAY + 1];              /* of the line before */
};

/* RFC 5424 section 6.2.4: printable ASCII, or nothing is known. */
static void learn_host(struct tell *t)
{
	if (gethostname(t->host, sizeof t->host))
		t->host[0] = '\0';
	t->host[sizeof t->host - 1] = '\0';
	for (const char *p = t->host; *p; p++)
		if (*p < '!' || *p > '~')
			t->host[0] = '\0';
	if (!t->host[0])
		memcpy(t->host, "-", sizeof "-");
}

struct tell *tell_new(const struct tell_options *o)
{
	bool is_log = o->form == TELL_SYSLOG || o->form == TELL_JOURNALD;
	struct tell *t = calloc(1, sizeof *t);

	if (!t) {
		if (o->fd >= 0)
			close(o->fd);
		return NULL;
	}
	t->options = *o;
	tell_socket_init(&t->socket, is_log ? o->fd : -1, o->again, o->self);
	learn_host(t);
	t->origin = (struct tell_origin){ .host = t->host, .process = getpid(), .reveal = o->style.reveal };
	tzset();                        /* reads its file now: later nobody may */
	return t;
}

void tell_free(struct tell *t)
{
	if (!t)
		return;
	tell_socket_release(&t->socket);
	free(t);
}

uint64_t tell_lost(const struct tell *t)
{
	return t->socket.lost;
}

/* ---- text ---- */

struct head {
	const char *word;
	enum ink ink;
};

static struct head head_of(const struct journal_entry *e)
{
	static const struct head severities[] = { { "NOTE", INK_CYAN }, { "WARNING", INK_YELLOW },
		                                  { "ERROR", INK_RED }, { "CRITICAL", INK_RED } };
	static const struct head words[JOURNAL_WORD_COUNT] = {
		[JOURNAL_UPDATED] = { "STILL", INK_YELLOW },
		[JOURNAL_RESOLVED] = { "RESOLVED", INK_GREEN },
		[JOURNAL_CEASED] = { "NOT SEEN", INK_GREEN },
		[JOURNAL_WITHDRAWN] = { "WITHDRAWN", INK_DIM },
		[JOURNAL_MORE] = { "MORE", INK_YELLOW },
	};

	return words[e->word].word ? words[e->word] : severities[e->finding->severity];
}

/* "10:02:13", with its date where that is another than `day`. */
static void put_time(struct page *p, int64_t when, const char *day)
{
	char text[MOMENT_TEXT];

	moment_text(when, text);
	if (strncmp(text, day, DAY))
		page_putf(p, INK_DIM, "%.*s ", DAY, text);
	page_putf(p, INK_DIM, "%.8s", text + DAY + 1);
}

/* Nobody wants it more precise than to the minute, and what began just now needs no words. */
static void put_since(struct page *p, const struct journal_entry *e, const char *day)
{
	if (e->when - e->since < SINCE_OLD * MOMENT_S)
		return;
	page_put(p, INK_DIM, ", since ");
	put_time(p, e->since, day);
}

static void put_head(struct page *p, struct tell *t, const struct journal_entry *e)
{
	struct head head = head_of(e);
	char parties[PARTIES_TEXT], now[MOMENT_TEXT];

	put_time(p, e->when, t->day);
	memcpy(t->day, moment_text(e->when, now), DAY);
	page_put(p, INK_PLAIN, " ");
	page_put(p, head.ink, head.word);
	page_putf(p, INK_PLAIN, "%*s", (int)(WORD_COLUMN - strlen(head.word)), "");
	page_putf(p, INK_BOLD, " %s", finding_row(e->finding->kind)->kind);
	if (e->word == JOURNAL_MORE && e->finding->has_client) {
		struct finding of_all = *e->finding;

		of_all.has_client = false;
		tell_parties(&of_all, parties);
	} else {
		tell_parties(e->finding, parties);
	}
	page_putf(p, INK_PLAIN, "%s%s", parties[0] ? "  " : "", parties);
}

static void put_indented(struct page *p, const char *label, const char *text)
{
	page_line(p);
	page_putf(p, INK_PLAIN, "%*s", INDENT, "");
	page_put(p, INK_DIM, label);
	page_put(p, INK_PLAIN, text);
}

/* What it is, and the first thing to do. */
static void put_cause(struct page *p, const struct finding *n, bool reveal)
{
	struct span left = span_text(n->remedy), step = span_split(&left, '\n');
	char shown[SHOWN_TEXT], first[TELL_TEXT_MAX];

	put_indented(p, "", mask_text(n->cause, reveal, shown));
	snprintf(first, sizeof first, "%.*s", (int)step.len, (const char *)step.at);
	if (step.len)
		put_indented(p, "Do next: ", first);
}

static void tell_text(struct tell *t, const struct journal_entry *e)
{
	struct page p = { t->options.out, &t->options.style, 0 };
	bool is_note = e->finding->severity == SEVERITY_INFO;
	char text[TELL_TEXT_MAX];

	put_head(&p, t, e);
	switch (e->word) {
	case JOURNAL_RAISED:
		page_putf(&p, INK_DIM, ", %s", confidence_name(e->finding->confidence));
		put_since(&p, e, t->day);
		if (is_note)
			put_indented(&p, "", mask_text(e->finding->cause, t->options.style.reveal, text));
		else
			put_cause(&p, e->finding, t->options.style.reveal);
		break;
	case JOURNAL_AGAIN:
	case JOURNAL_UPDATED:
	case JOURNAL_RESOLVED:
	case JOURNAL_CEASED:
	case JOURNAL_WITHDRAWN:
	case JOURNAL_MORE:
	case JOURNAL_WORD_COUNT:
		page_putf(&p, INK_PLAIN, ": %s", tell_sentence(e, t->options.style.reveal, text));
		if (e->word == JOURNAL_UPDATED)
			put_since(&p, e, t->day);
		break;
	}
	page_line(&p);
}

/* ---- the others ---- */

static void tell_events(const struct tell *t, const struct journal_entry *e)
{
	struct event_story story = { .action = journal_word_name(e->word), .when = e->when, .since = e->since,
		                     .until = e->until, .count = e->count };

	if (e->word == JOURNAL_MORE) {
		story.is_sum = true;
		story.raised = e->raised;
		story.over = e->over;
		story.clients = e->clients;
	}
	events_story(t->options.events, e->finding, &story);
}

static void tell_log(struct tell *t, const struct journal_entry *e)
{
	struct buf message;

	/* RFC 5424 section 7.3.1: behind the greatest number comes 1. */
	t->origin.sequence = t->origin.sequence < INT32_MAX ? t->origin.sequence + 1 : 1;
	buf_init(&message, TELL_MESSAGE_MAX);
	if (t->options.form == TELL_JOURNALD)
		tell_format_journald(&message, e, &t->origin);
	else if (t->options.target)
		tell_format_5424(&message, e, &t->origin, t->socket.stream);
	else
		tell_format_local(&message, e, &t->origin, t->socket.stream);
	tell_socket_send(&t->socket, buf_span(&message));
	buf_release(&message);
}

void tell_entry(struct tell *t, const struct journal_entry *e)
{
	if (!report_text_shows(&t->options.style, e->finding))
		return;
	switch (t->options.form) {
	case TELL_TEXT:
		tell_text(t, e);
		break;
	case TELL_EVENTS:
		tell_events(t, e);
		break;
	case TELL_SYSLOG:
	case TELL_JOURNALD:
		tell_log(t, e);
		break;
	}
}
