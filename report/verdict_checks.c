/* report/verdict_checks.c - what a probe found: who is served by which way, and what stops the others. */
#include "base/tongue.h"
#include "report/check_words.h"
#include "report/page.h"
#include "report/verdict.h"
#include "report/ways.h"

enum { REASONS_MAX = 2, SENTENCE = VERDICT_HEADLINE, PORTS_MAX = 6, NAMES_PORT = 53 };

/* ---- the first line ---- */

struct tally {
	size_t serving, failing, open;  /* ways; open ones were not only looked for */
	size_t cut;                     /* of which nobody knows whether they serve */
	size_t upstream, upstream_bad;
	const struct checked_way *first_serving, *first_failing;
};

static struct tally tally_of(const struct report *r, const struct checked_ways *w)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < w->count; i++) {
		const struct checked_way *way = &w->at[i];
		bool fails = way->worst == CELL_FAILED;

		t.open += !way->closed;
		t.failing += fails;
		t.serving += way->serves && !fails && !way->cut;
		t.cut += way->cut && !fails;
		if (fails && !t.first_failing)
			t.first_failing = way;
		if (way->serves && !fails && !way->cut && !t.first_serving)
			t.first_serving = way;
	}
	for (size_t i = 0; i < r->check_count; i++) {
		t.upstream += r->checks[i].check->rung == CHECK_UPSTREAM;
		t.upstream_bad += r->checks[i].check->rung == CHECK_UPSTREAM &&
		                  r->checks[i].state == CHECK_FAILED;
	}
	return t;
}

static void word_way(const struct checked_way *w, char *text, size_t size)
{
	struct span place = check_place(w->target);

	tongue_say(text, size, w->proxy[0] ? N_("%.*s via the proxy %s") : "%.*s", (int)place.len,
		   (const char *)place.at, w->proxy);
}

/* "; 8531, 443 and 80 are closed": of the one host that was asked about. */
static void word_closed(const struct checked_ways *w, char *text, size_t size)
{
	struct span ports[PORTS_MAX];
	size_t count = 0, len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < w->count; i++) {
		struct span place = check_place(w->at[i].target), host = check_host(w->at[i].target);

		if (!span_ieq(host, check_host(w->at[0].target)))
			return;
		if (w->at[i].closed && !w->at[i].proxy[0] && count < PORTS_MAX)
			ports[count++] = span_skip(place, host.len + (place.len > host.len));
	}
	for (size_t i = 0; i < count; i++)
		len += tongue_say(text + len, size - len, "%s%.*s",
				  !i ? /* TRANSLATORS: before the ports that are closed. */ _("; ")
				  : i + 1 == count ? _(" and ")
						   : ", ",
				  (int)ports[i].len, (const char *)ports[i].at);
	if (count)
		tongue_say(text + len, size - len, "%s", tongue_many(" is closed", " are closed", count));
}

/* The host that all ways lead to, or the very target; empty: there are several. */
static struct span common_of(const struct checked_ways *w, struct span (*part)(const char *target))
{
	struct span common = { 0 };

	for (size_t i = 0; i < w->count; i++) {
		struct span own = part(w->at[i].target);

		if (w->at[i].closed)
			continue;
		if (common.len && !span_ieq(common, own))
			return span_of(NULL, 0);
		common = own;
	}
	return common;
}

static void word_failing(const struct checked_ways *w, const struct tally *t, char *text, size_t size)
{
	struct span host = common_of(w, check_host);
	char way[CHECK_WAY], some[COUNT_TEXT], all[COUNT_TEXT];

	word_way(t->first_failing, way, sizeof way);
	if (t->open == 1)
		tongue_say(text, size, "%s does not serve clients", way);
	else if (t->failing == t->open && host.len)
		tongue_say(text, size, "%.*s does not serve clients by any of %s ways", (int)host.len,
		         (const char *)host.at, page_count(t->open, all));
	else if (t->failing == 1)
		tongue_say(text, size, "Of %s ways one does not serve clients: %s", page_count(t->open, all),
		         way);
	else
		tongue_say(text, size, "%s of %s ways do not serve clients, %s first",
		         page_count(t->failing, some), page_count(t->open, all), way);
}

static void word_serving(const struct checked_ways *w, const struct tally *t, char *text, size_t size)
{
	struct span place = common_of(w, check_place), host = common_of(w, check_host);
	char way[CHECK_WAY], some[COUNT_TEXT], all[COUNT_TEXT];

	word_way(t->first_serving, way, sizeof way);
	if (t->serving == 1)
		tongue_say(text, size, "%s serves clients", way);
	else if (t->cut)
		tongue_say(text, size, "%s of %s ways serve clients", page_count(t->serving, some),
		         page_count(t->open, all));
	else if (place.len)
		tongue_say(text, size,
			   t->serving == 2 ? N_("%.*s serves clients, direct and by proxy")
					   : N_("%.*s serves clients, direct and by proxies"),
			   (int)place.len, (const char *)place.at);
	else
		tongue_say(text, size,
			   host.len ? N_("All %s ways to %.*s serve clients")
				    : N_("All %s ways serve clients"),
			   page_count(t->serving, some), (int)host.len, (const char *)host.at);
}

static void word_ways(const struct checked_ways *w, const struct tally *t, char *text, size_t size)
{
	char words[SENTENCE - 256];
	char closed[128], cut[160] = "", some[COUNT_TEXT], all[COUNT_TEXT];
	bool unwell = false;

	word_closed(w, closed, sizeof closed);
	for (size_t i = 0; i < w->count; i++)
		unwell |= w->at[i].worst == CELL_WARNING;
	tongue_say(words, sizeof words, "No check got as far as a service: nothing is known of it");
	if (t->failing)
		word_failing(w, t, words, sizeof words);
	else if (t->serving)
		word_serving(w, t, words, sizeof words);
	if (t->cut && (t->failing || t->serving))
		tongue_say(cut, sizeof cut,
			   tongue_many("; %s of %s ways was not checked to the end",
				       "; %s of %s ways were not checked to the end", t->cut),
			   page_count(t->cut, some), page_count(t->open, all));
	/* TRANSLATORS: who serves; which ports are closed; that not all is well; what was not checked. */
	tongue_say(text, size, "%s%s%s%s.", words, t->failing || t->serving ? closed : "",
	         !t->failing && t->serving && unwell ? _(", but not everything is well") : "", cut);
}

/* ---- the next lines: why ---- */

/* "198.51.100.10:8530: nobody listens on the port" */
static void word_finding(const struct finding *n, char text[static VERDICT_REASON])
{
	char server[ENDPOINT_TEXT], title[VERDICT_TITLE];

	if (!n->has_server && !n->has_via)
		tongue_say(text, VERDICT_REASON, "%s", n->title);
	else
		tongue_say(text, VERDICT_REASON,
			   n->has_via                      ? N_("The proxy %s: %s")
			   : n->server.port == NAMES_PORT ? N_("The name server %s: %s")
							  : "%s: %s",
			   endpoint_text(n->has_via ? &n->via : &n->server, server),
			   verdict_title(n->title, title));
}

static void word_reasons(struct verdict *v, const struct report *r)
{
	bool told[FINDING_KIND_COUNT] = { false };
	char label[CHECK_LABEL];

	for (size_t i = 0; i < findings_count(r->findings) && v->reason_count < REASONS_MAX; i++) {
		const struct finding *n = findings_at(r->findings, i);

		if (n->severity < SEVERITY_WARNING || told[n->kind] ||
		    (v->reason_count && n->severity < SEVERITY_ERROR))
			continue;
		told[n->kind] = true;
		word_finding(n, v->reasons[v->reason_count++]);
	}
	for (size_t i = 0; i < r->check_count && !v->reason_count; i++) {
		const struct check *c = r->checks[i].check;

		if (r->checks[i].state == CHECK_FAILED)
			tongue_say(v->reasons[v->reason_count++], VERDICT_REASON, "%s: %s",
			         check_label(c, label), c->detail);
	}
}

void verdict_checks(struct verdict *v, const struct report *r)
{
	struct checked_ways w;
	struct tally t;
	char bad[COUNT_TEXT], all[COUNT_TEXT];

	checked_ways_read(&w, r);
	t = tally_of(r, &w);
	if (w.count)
		word_ways(&w, &t, v->headline, sizeof v->headline);
	if (t.upstream) {
		size_t len = strlen(v->headline);

		len += tongue_say(v->headline + len, sizeof v->headline - len, "%s", len ? " " : "");
		tongue_say(v->headline + len, sizeof v->headline - len,
			   "%s of %s checks of what an upstream needs fail.",
		         page_count(t.upstream_bad, bad), page_count(t.upstream, all));
	}
	v->mood = t.failing || t.upstream_bad ? MOOD_STOPPED
		  : checks_in(r, CHECK_WARNING) || checks_cut(r) ? MOOD_UNEASY : MOOD_WELL;
	word_reasons(v, r);
	checked_ways_release(&w);
}
