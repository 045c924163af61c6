/* analyzers/ladderverdict.c - what stopped a client: its rungs, and what was found of it. */
#include "analyzers/ladderverdict.h"

#include <stdio.h>

#include "analyzers/reach.h"

/* Which finding tells most about a client and a server: by addresses, zeros standing for "any". */
struct parties {
	uint8_t bytes[32];
};

static struct parties parties_of(const struct addr *client, const struct addr *server)
{
	struct parties p = { { 0 } };

	if (client)
		memcpy(p.bytes, client->bytes, 16);
	if (server)
		memcpy(p.bytes + 16, server->bytes, 16);
	return p;
}

/* The latest of each pair of parties that is an error or a warning, as asked, as index + 1; of several the
 * most severe, which comes first. */
static void index_findings(struct map *index, const struct findings *findings, bool errors)
{
	for (size_t i = 0; i < findings_count(findings); i++) {
		const struct finding *f = findings_at(findings, i);
		struct parties p = parties_of(f->has_client ? &f->client : NULL,
		                              f->has_server ? &f->server.addr : NULL);
		struct map_entry *e;

		if (f->severity < SEVERITY_WARNING || (f->severity >= SEVERITY_ERROR) != errors)
			continue;
		e = map_put(index, span_of(p.bytes, sizeof p.bytes));
		if (e && (!e->value || f->last > findings_at(findings, (uintptr_t)e->value - 1)->last))
			e->value = (void *)(uintptr_t)(i + 1);
	}
}

void reasons_init(struct reasons *r, const struct findings *findings, struct words *words)
{
	r->findings = findings;
	r->words = words;
	map_init(&r->errors, findings_count(findings));
	map_init(&r->warnings, findings_count(findings));
	index_findings(&r->errors, findings, true);
	index_findings(&r->warnings, findings, false);
}

void reasons_release(struct reasons *r)
{
	map_release(&r->errors);
	map_release(&r->warnings);
}

bool ladder_is_missed(const struct finding *f)
{
	return f->has_client && (f->kind == FINDING_CLIENT_SILENT || f->kind == FINDING_CONNECTION_MISSING ||
	                         f->kind == FINDING_NO_UPDATE_POINT);
}

static const struct finding *explaining(const struct ladder *n, const struct map *index,
                                        const struct findings *findings)
{
	size_t best = 0;

	/* A finding that names neither stops nobody in particular. */
	for (int i = 1; i < 4; i++) {
		struct parties p = parties_of(i & 1 ? &n->client : NULL, i & 2 ? &n->server.addr : NULL);
		const struct map_entry *e = map_find(index, span_of(p.bytes, sizeof p.bytes));
		size_t at = e ? (uintptr_t)e->value : 0;

		if (at && (!best || at < best))
			best = at;
	}
	return best ? findings_at(findings, best - 1) : NULL;
}

enum rung_name ladder_highest(const struct ladder *n, enum rung_state state)
{
	for (int i = RUNG_COUNT - 1; i >= 0; i--)
		if (n->rungs[i].state == state)
			return (enum rung_name)i;
	return RUNG_COUNT;
}

int64_t ladder_last_success(const struct ladder *n, int from)
{
	int64_t last = MOMENT_NONE;

	for (int i = from; i < RUNG_COUNT; i++)
		if (n->rungs[i].state == RUNG_OK && n->rungs[i].when > last)
			last = n->rungs[i].when;
	return last;
}

enum rung_name ladder_stopped_at(const struct ladder *n)
{
	for (int i = RUNG_COUNT - 1; i >= 0; i--)
		if (n->rungs[i].state == RUNG_FAILED && ladder_last_success(n, i) < n->rungs[i].when)
			return (enum rung_name)i;
	return RUNG_COUNT;
}

/* A SYN that nobody answered by the time the capture ended may still be: see SYN_PATIENCE. */
static void forget_last_attempt(struct ladder *n, int64_t now)
{
	struct rung *r = &n->rungs[RUNG_CONNECTION];

	if (r->state == RUNG_FAILED && now - r->when < SYN_PATIENCE)
		*r = (struct rung){ .state = RUNG_UNSEEN, .when = MOMENT_NONE, .took = -1, .detail = "" };
}

/* What a finding of that kind stops, where no exchange shows it; RUNG_COUNT: only exchanges do. */
static enum rung_name rung_of_kind(enum finding_kind kind)
{
	switch (kind) {
	case FINDING_RANGE_STRIPPED: return RUNG_CONTENT;
#define FINDING(symbol, ...) case FINDING_##symbol:
#include "analyzers/findings_tls.def"
#undef FINDING
		return RUNG_TLS;
	default: return RUNG_COUNT;
	}
}

/* What was overcome later is told as a finding, but stops nobody.  Inside TLS that nobody reads, a later
 * session that got through is as good as an answer, unless it is TLS itself that is at odds. */
static bool is_overcome(const struct ladder *n, const struct finding *why)
{
	/* Who is served by a server that it should not ask is not stopped there. */
	if (why->kind == FINDING_WRONG_SERVER && n->served)
		return true;
	return why->last < ladder_last_success(n, RUNG_SELFUPDATE) ||
	       (rung_of_kind(why->kind) == RUNG_COUNT && why->last < n->got_through);
}

static void stop_at(struct ladder *n, const struct finding *why)
{
	enum rung_name at = why->stops ? (enum rung_name)(why->stops - 1) : rung_of_kind(why->kind);

	if (at == RUNG_COUNT)
		return;
	n->rungs[at].state = RUNG_FAILED;
	n->rungs[at].when = why->last;
	n->rungs[at].frame = why->frame_count ? why->frames[why->frame_count - 1] : 0;
	n->rungs[at].detail = finding_row(why->kind)->kind;
}

static void word_verdict(struct ladder *n, const char *why, enum rung_name bad, struct words *words)
{
	enum rung_name good = ladder_highest(n, RUNG_OK);
	char text[WORDS_TEXT];

	if (why)
		snprintf(text, sizeof text, "%s", why);
	else if (bad != RUNG_COUNT)
		snprintf(text, sizeof text, "stopped at %s: %s", rung_text(bad), n->rungs[bad].detail);
	else if (good == RUNG_TLS)
		snprintf(text, sizeof text, "no trouble seen up to %s, which hides the rest: %s",
		         rung_text(good),
		         n->suite_unread ? "its cipher suite is not read" : "--keys would show it");
	else if (good != RUNG_COUNT)
		snprintf(text, sizeof text, "no trouble seen up to %s", rung_text(good));
	else
		snprintf(text, sizeof text, "nothing seen of its way");
	n->verdict = words_keep(words, span_text(text));
}

void ladder_judge(struct ladder *n, const struct reasons *r, int64_t now)
{
	const struct finding *why = explaining(n, &r->errors, r->findings);
	const struct finding *warning = explaining(n, &r->warnings, r->findings);
	enum rung_name bad, good = ladder_highest(n, RUNG_OK);
	bool mild;

	if (why && is_overcome(n, why))
		why = NULL;
	if (!why)
		forget_last_attempt(n, now);
	bad = ladder_stopped_at(n);
	/* A rung whose failing is a warning stops nobody. */
	mild = !why && warning && bad != RUNG_COUNT && warning->last >= n->rungs[bad].when;
	/* What concerns a server as a whole explains a stop, but stops no client that climbed on. */
	n->failed = !mild &&
	            (bad != RUNG_COUNT || (why && (why->has_client || (good == RUNG_TLS && !n->served))));
	if (n->failed && why && bad == RUNG_COUNT)
		stop_at(n, why);
	word_verdict(n, mild ? warning->title : why && n->failed ? why->title : NULL, bad, r->words);
}
