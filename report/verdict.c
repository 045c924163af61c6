/* report/verdict.c - the first two lines, from which a stranger knows what to do. */
#include "report/verdict.h"

#include <ctype.h>

#include "base/tongue.h"
#include "report/page.h"

enum { WHOM_TEXT = ADDR_TEXT + 32 };

bool verdict_has_trouble(const struct report *r)
{
	for (size_t i = 0; i < ladders_count(r->ladders); i++)
		if (ladders_at(r->ladders, i)->failed)
			return true;
	return findings_count(r->findings) && findings_at(r->findings, 0)->severity >= SEVERITY_WARNING;
}

bool verdict_is_hidden(const struct report *r, const struct ladder *l)
{
	uint64_t unread = r->limits->count[LIMIT_ENCRYPTED] + r->limits->count[LIMIT_UNKNOWN_SUITE];

	if (!unread || l->failed || l->rungs[RUNG_TLS].state != RUNG_OK)
		return false;
	for (int i = RUNG_TLS + 1; i < RUNG_COUNT; i++)
		if (l->rungs[i].state == RUNG_OK)
			return false;
	return true;
}

/* What limits the verdict, if anything: keys would help, or nothing. */
static const char *what_hides(const struct report *r)
{
	const char *what = "";

	for (size_t i = 0; i < ladders_count(r->ladders); i++) {
		const struct ladder *l = ladders_at(r->ladders, i);

		if (!verdict_is_hidden(r, l))
			continue;
		if (!l->suite_unread)
			return _(" as far as TLS shows it without keys");
		what = _(" as far as TLS shows it, whose cipher suite is not read");
	}
	return what;
}

/* The update point that all clients ask for, or words for several. */
static const char *update_point(const struct report *r, char text[static ENDPOINT_TEXT])
{
	const char *name = NULL;

	for (size_t i = 0; i < ladders_count(r->ladders); i++) {
		const struct ladder *l = ladders_at(r->ladders, i);
		const char *own = l->host[0] ? l->host : endpoint_text(&l->server, text);

		if (name && !span_ieq(span_text(name), span_text(own)))
			return ladders_clients(r->ladders) == 1 ? _("its servers") : _("their servers");
		name = l->host[0] ? l->host : text;
	}
	return name ? name : _("the update point");
}

/* Nothing failed; but only of those that were served can be said that they get through. */
static void tell_health(char text[static VERDICT_HEADLINE], size_t all, size_t served, const char *to,
                        const char *limit)
{
	char some[COUNT_TEXT], every[COUNT_TEXT];

	if (!served)
		tongue_say(text, VERDICT_HEADLINE,
		         "Nothing failed towards %s, but too little is seen to say that it works.",
		         to);
	else if (served < all)
		tongue_say(text, VERDICT_HEADLINE,
			   tongue_many("%s of %s clients gets through to %s%s; of the rest too little "
				       "is seen.",
				       "%s of %s clients get through to %s%s; of the rest too little "
				       "is seen.",
				       served),
			   page_count(served, some), page_count(all, every), to, limit);
	else if (all == 1)
		tongue_say(text, VERDICT_HEADLINE, "The one client gets through to %s%s; nothing "
						   "failed.", to, limit);
	else if (all == 2)
		tongue_say(text, VERDICT_HEADLINE, "Both clients get through to %s%s; nothing "
						   "failed.", to, limit);
	else
		tongue_say(text, VERDICT_HEADLINE, "All %s clients get through to %s%s; nothing failed.",
		         page_count(all, every), to, limit);
}

/* No client is known to be stopped, but something is the matter. */
static void tell_unease(char text[static VERDICT_HEADLINE], size_t all, size_t served, const char *to)
{
	char some[COUNT_TEXT], every[COUNT_TEXT];

	if (!served)
		tongue_say(text, VERDICT_HEADLINE, "Nobody is stopped on the way to %s, but not "
						   "everything is well.",
		         to);
	else if (served < all)
		tongue_say(text, VERDICT_HEADLINE,
			   tongue_many("%s of %s clients gets through to %s, and not everything is well.",
				       "%s of %s clients get through to %s, and not everything is "
				       "well.", served),
			   page_count(served, some), page_count(all, every), to);
	else
		tongue_say(text, VERDICT_HEADLINE,
			   all == 1   ? N_("The client gets through to %s, but not everything is well.")
			   : all == 2 ? N_("Both clients get through to %s, but not everything is well.")
				      : N_("All clients get through to %s, but not everything is well."),
			   to);
}

/* What no headline may gloss over, the gravest; NULL: nothing.  Errors that clients got past may stand
 * below. */
static const struct finding *unglossed(const struct report *r, size_t all, size_t served)
{
	const struct finding *n = findings_count(r->findings) ? findings_at(r->findings, 0) : NULL;

	if (!n || n->severity < SEVERITY_ERROR)
		return NULL;
	return n->severity == SEVERITY_CRITICAL || !served || served < all ? n : NULL;
}

/* No client's ladder tells that it failed, but this is grave: who meets it, at which server, what it is. */
static void tell_grave(char text[static VERDICT_HEADLINE], const struct finding *n)
{
	char client[ADDR_TEXT], server[ENDPOINT_TEXT], title[VERDICT_TITLE];

	verdict_title(n->title, title);
	if (n->has_server)
		endpoint_text(n->has_via ? &n->via : &n->server, server);
	if (n->has_client && n->has_server)
		tongue_say(text, VERDICT_HEADLINE, "%s meets an error at %s: %s.",
			   addr_text(&n->client, client), server, title);
	else if (n->has_server)
		tongue_say(text, VERDICT_HEADLINE, "Clients meet an error at %s: %s.", server, title);
	else if (n->has_client)
		tongue_say(text, VERDICT_HEADLINE, "%s meets an error: %s.", addr_text(&n->client, client),
			   title);
	else
		tongue_say(text, VERDICT_HEADLINE, "Clients meet an error: %s.", title);
}

static void word_headline(struct verdict *v, const struct report *r)
{
	size_t all = ladders_clients(r->ladders), failed = ladders_failed_clients(r->ladders);
	char at[ENDPOINT_TEXT], some[COUNT_TEXT], every[COUNT_TEXT], *text = v->headline;
	const char *to = update_point(r, at);
	bool trouble = verdict_has_trouble(r);
	size_t served = ladders_served_clients(r->ladders);
	const struct finding *grave = unglossed(r, all, served);
	/* Clients without a row may have failed, too. */
	bool more = r->limits->count[LIMIT_CLIENT_CEILING] > 0;

	if (!all && !trouble)
		tongue_say(text, VERDICT_HEADLINE, "No update traffic is in this capture: nothing is "
						   "judged.");
	else if (!ladders_count(r->ladders) && !failed)
		tongue_say(text, VERDICT_HEADLINE, "No client gets as far as an update point in this "
						   "capture.");
	else if (failed == 1 && all == 1)
		tongue_say(text, VERDICT_HEADLINE, "The one client cannot update from %s.", to);
	else if (failed)
		tongue_say(text, VERDICT_HEADLINE,
			   more ? N_("At least %s of more than %s clients cannot update from %s.")
				: N_("%s of %s clients cannot update from %s."),
			   page_count(failed, some), page_count(all, every), to);
	else if (grave)
		tell_grave(text, grave);
	else if (trouble)
		tell_unease(text, all, served, to);
	else
		tell_health(text, all, served, to, what_hides(r));
	v->mood = failed || grave ? MOOD_STOPPED : trouble ? MOOD_UNEASY : MOOD_WELL;
	if (!all && !trouble)
		v->advice = _("If there should be some: --sup HOST names the update point, --all "
			      "judges every "
			      "HTTP and TLS exchange.");
}

struct sought {                         /* what reasons are to tell */
	enum severity from;
	bool stop;                      /* what stops clients, not what they met and got past before */
};

static bool is_reason(const struct finding *n, const struct sought *what)
{
	return n->severity >= what->from && !(what->stop && finding_is_outlived(n));
}

/* One that begins with a name or an abbreviation keeps its capital; other languages keep theirs. */
const char *verdict_title(const char *title, char text[static VERDICT_TITLE])
{
	bool lower = title[0] && (title[1] == ' ' || islower((unsigned char)title[1]));

	tongue_say(text, VERDICT_TITLE, "%s", title);
	if (lower && !strcmp(tongue_code(), "en"))
		text[0] = (char)tolower((unsigned char)text[0]);
	return text;
}

const char *verdict_stop(bool goes_on)
{
	if (goes_on)
		/* TRANSLATORS: ends a sentence that another one follows, and the blank between them. */
		return _(". ");
	/* TRANSLATORS: ends a sentence. */
	return _(".");
}

/* Up to the full stop that another sentence follows, or the end. */
static size_t first_sentence(const char *text)
{
	static const char *const stops[] = { ". ", "。" };
	size_t len = strlen(text);

	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		const char *stop = strstr(text, stops[i]);

		if (stop && (size_t)(stop - text) < len)
			len = (size_t)(stop - text);
	}
	return len;
}

/* Another client suffers from the same kind. */
static bool is_shared(const struct findings *f, const struct finding *n, const struct sought *what)
{
	for (size_t i = 0; i < findings_count(f); i++) {
		const struct finding *other = findings_at(f, i);

		if (other->kind == n->kind && is_reason(other, what) &&
		    (other->clients || (other->has_client && !addr_eq(&other->client, &n->client))))
			return true;
	}
	return false;
}

/* Whom it concerns; "": nobody in particular. */
static void word_whom(char text[static WHOM_TEXT], const struct findings *f, const struct finding *n,
                      const struct sought *what)
{
	char client[ADDR_TEXT], count[COUNT_TEXT];

	if (n->has_client)
		tongue_say(text, WHOM_TEXT, is_shared(f, n, what) ? N_("%s and others") : "%s",
			   addr_text(&n->client, client));
	else if (n->clients)
		tongue_say(text, WHOM_TEXT,
			   n->more_clients ? N_("At least %s clients")
					   : tongue_many("%s client", "%s clients", n->clients),
			   page_count(n->clients, count));
	else
		tongue_say(text, WHOM_TEXT, "%s", n->has_server ? _("All clients") : "");
}

/* "192.0.2.50 and others to 198.51.100.10:8530: nobody listens on the port" */
static void word_reason(char text[static VERDICT_REASON], const struct finding *n, const char *whom,
                        bool reveal)
{
	char server[ENDPOINT_TEXT], shown[SHOWN_TEXT];
	/* Before it is cut: a name may hold what ends a sentence. */
	const char *cause = mask_text(n->cause, reveal, shown);
	char title[VERDICT_TITLE];
	size_t sentence = first_sentence(cause);

	/* Of no one in particular the cause itself must tell. */
	if (!whom[0])
		tongue_say(text, VERDICT_REASON, "%.*s", (int)sentence, cause);
	else
		/* TRANSLATORS: who, to where, and what: "nobody listens on the port". */
		tongue_say(text, VERDICT_REASON,
			   n->has_via      ? N_("%s via the proxy %s: %s")
			   : n->has_server ? N_("%s to %s: %s")
					   : "%s%s: %s",
			   whom,
			   n->has_server ? endpoint_text(n->has_via ? &n->via : &n->server, server) : "",
			   verdict_title(n->title, title));
}

/* Where no finding tells why, the first client that failed tells how far it came. */
static void word_stop(struct verdict *v, const struct report *r)
{
	char client[ADDR_TEXT];

	for (size_t i = 0; i < ladders_count(r->ladders); i++) {
		const struct ladder *l = ladders_at(r->ladders, i);

		if (!l->failed)
			continue;
		tongue_say(v->reasons[v->reason_count++], VERDICT_REASON, "%s: %s",
		         addr_text(&l->client, client), l->verdict);
		return;
	}
}

static void word_reasons(struct verdict *v, const struct report *r, bool reveal)
{
	bool told_before[FINDING_KIND_COUNT] = { false };
	struct sought what = { .from = SEVERITY_WARNING, .stop = ladders_failed_clients(r->ladders) > 0 };
	char whom[WHOM_TEXT];

	if (!findings_count(r->findings) || findings_at(r->findings, 0)->severity < SEVERITY_WARNING) {
		word_stop(v, r);
		return;
	}
	if (findings_at(r->findings, 0)->severity >= SEVERITY_ERROR)
		what.from = SEVERITY_ERROR;
	for (size_t i = 0; i < findings_count(r->findings) && v->reason_count < VERDICT_REASONS; i++) {
		const struct finding *n = findings_at(r->findings, i);

		if (told_before[n->kind] || !is_reason(n, &what))
			continue;
		told_before[n->kind] = true;
		word_whom(whom, r->findings, n, &what);
		word_reason(v->reasons[v->reason_count++], n, whom, reveal);
	}
	if (!v->reason_count)
		word_stop(v, r);
}

void verdict_read(struct verdict *v, const struct report *r, bool reveal)
{
	v->headline[0] = '\0';
	v->reason_count = 0;
	v->advice = "";
	if (r->checks) {
		verdict_checks(v, r);
		return;
	}
	word_headline(v, r);
	word_reasons(v, r, reveal);
}
