/* live/tellwords.c - who, how often, how long, in words. */
#include "live/tellwords.h"

#include "base/utf8.h"
#include "live/tell.h"
#include "report/mask.h"
#include "report/page.h"

const char *tell_parties(const struct finding *n, char text[static PARTIES_TEXT])
{
	/* Behind a proxy the capture shows the proxy's address alone. */
	bool to_server = n->has_server && !(n->has_via && endpoint_eq(&n->server, &n->via));
	char client[ADDR_TEXT], server[ENDPOINT_TEXT], via[ENDPOINT_TEXT];

	snprintf(text, PARTIES_TEXT, "%s%s%s%s%s", n->has_client ? addr_text(&n->client, client) : "",
	         n->has_client && (to_server || n->has_via) ? " -> " : "",
	         to_server ? endpoint_text(&n->server, server) : "",
	         to_server && n->has_via ? " via " : "", n->has_via ? endpoint_text(&n->via, via) : "");
	return text;
}

void tell_clean(struct buf *to, const char *text)
{
	struct span left = span_text(text);

	while (left.len) {
		size_t len = utf8_len(left);

		if (len && !utf8_is_harmful(utf8_code(left.at, len)))
			buf_add(to, span_of(left.at, len));
		else
			buf_add_byte(to, '?');
		left = span_skip(left, len ? len : 1);
	}
}

unsigned tell_priority(const struct journal_entry *e)
{
	enum { CRITICAL = 2, ERROR, WARNING, NOTICE, INFORMATIONAL };
	static const unsigned of_severity[] = { INFORMATIONAL, WARNING, ERROR, CRITICAL };

	switch (e->word) {
	case JOURNAL_RAISED:
	case JOURNAL_AGAIN:
	case JOURNAL_UPDATED:
		break;
	case JOURNAL_RESOLVED:
	case JOURNAL_CEASED:
	case JOURNAL_WITHDRAWN:
		return NOTICE;
	case JOURNAL_MORE:
		return e->raised ? of_severity[e->finding->severity] : NOTICE;
	case JOURNAL_WORD_COUNT:
		break;
	}
	return of_severity[e->finding->severity];
}

/* "once", "230 times" */
static const char *times(uint64_t count, char text[static COUNT_TEXT + 8])
{
	char number[COUNT_TEXT];

	snprintf(text, COUNT_TEXT + 8, count == 1 ? "once" : "%s times", page_count(count, number));
	return text;
}

static void sum_sentence(const struct journal_entry *e, char text[static TELL_TEXT_MAX])
{
	char more[COUNT_TEXT], over[COUNT_TEXT];
	bool of_clients = e->clients && e->clients == e->raised;
	const char *what = !of_clients ? "findings" : e->clients == 1 ? "client" : "clients";
	const char *least = e->at_least ? "at least " : "";

	if (e->raised && e->over)
		snprintf(text, TELL_TEXT_MAX, "%s%s more %s alike, %s over", least,
		         page_count(e->raised, more), what, page_count(e->over, over));
	else if (e->raised)
		snprintf(text, TELL_TEXT_MAX, "%s%s more %s alike", least, page_count(e->raised, more), what);
	else
		snprintf(text, TELL_TEXT_MAX, "%s of those not told one by one %s over",
		         page_count(e->over, over), e->over == 1 ? "is" : "are");
}

const char *tell_sentence(const struct journal_entry *e, bool reveal, char text[static TELL_TEXT_MAX])
{
	char shown[SHOWN_TEXT], count[COUNT_TEXT + 8], took[COUNT_TEXT], ago[COUNT_TEXT];
	const struct finding *n = e->finding;

	switch (e->word) {
	case JOURNAL_RAISED:
		snprintf(text, TELL_TEXT_MAX, "%s (%s)", mask_text(n->cause, reveal, shown),
		         confidence_name(n->confidence));
		break;
	case JOURNAL_AGAIN:
		snprintf(text, TELL_TEXT_MAX, "again, %s. %s (%s)", times(e->count, count),
		         mask_text(n->cause, reveal, shown), confidence_name(n->confidence));
		break;
	case JOURNAL_UPDATED:
		snprintf(text, TELL_TEXT_MAX, "%s, %s in %s", severity_name(n->severity),
		         times(e->count, count), page_duration(n->last - e->since, took));
		break;
	case JOURNAL_RESOLVED:
		if (e->until - e->since < MOMENT_S)
			snprintf(text, TELL_TEXT_MAX, "failed %s", times(e->count, count));
		else
			snprintf(text, TELL_TEXT_MAX, "after %s, failed %s",
			         page_duration(e->until - e->since, took), times(e->count, count));
		break;
	case JOURNAL_CEASED:
		snprintf(text, TELL_TEXT_MAX, "for %s; %s in %s before",
		         page_duration(e->when - e->until, ago),
		         times(e->count, count), page_duration(e->until - e->since, took));
		break;
	case JOURNAL_WITHDRAWN:
		snprintf(text, TELL_TEXT_MAX, "what came later explains it");
		break;
	case JOURNAL_MORE:
		sum_sentence(e, text);
		break;
	case JOURNAL_WORD_COUNT:
		text[0] = '\0';
	}
	return text;
}

static void add_field(struct buf *to, const char *name, const char *value)
{
	buf_printf(to, " %s=%s", name, value);
}

void tell_message(struct buf *to, const struct journal_entry *e, bool reveal)
{
	const struct finding *n = e->finding;
	char client[ADDR_TEXT], server[ENDPOINT_TEXT], text[TELL_TEXT_MAX];

	buf_printf(to, "%s %s", journal_word_name(e->word), finding_row(n->kind)->kind);
	add_field(to, "severity", severity_name(n->severity));
	add_field(to, "confidence", confidence_name(n->confidence));
	if (n->has_client && e->word != JOURNAL_MORE)
		add_field(to, "client", addr_text(&n->client, client));
	if (n->has_server)
		add_field(to, "server", endpoint_text(&n->server, server));
	if (n->has_via)
		add_field(to, "via", endpoint_text(&n->via, server));
	buf_printf(to, " count=%llu: ", (unsigned long long)e->count);
	tell_clean(to, tell_sentence(e, reveal, text));
}
