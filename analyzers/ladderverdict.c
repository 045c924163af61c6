/* analyzers/ladderverdict.c - what stopped a client: its rungs, and what was found of it. */
#include "analyzers/ladderverdict.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/reach.h"
#include "base/tongue.h"
#include "facts/connection.h"

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

static void chain_reason(struct reasons *r, size_t i, struct span parties)
{
	struct map_entry *e = map_put(&r->parties, parties);

	if (!e)
		return;
	r->all[i].next = (uint32_t)(uintptr_t)e->value;
	e->value = (void *)(uintptr_t)(i + 1);
}

/* Keeps the latest of each pair of parties; of several the most severe, which comes first. */
static void index_reason(struct reasons *r, size_t i, const struct addr *client)
{
	const struct finding *f = r->all[i].finding;
	struct parties p = parties_of(client, f->has_server ? &f->server.addr : NULL);
	struct map_entry *e;

	if (f->severity < SEVERITY_WARNING)
		return;
	chain_reason(r, i, span_of(p.bytes, sizeof p.bytes));
	e = map_put(f->severity >= SEVERITY_ERROR ? &r->errors : &r->warnings,
	            span_of(p.bytes, sizeof p.bytes));
	if (e && (!e->value || r->all[i].last > r->all[(uintptr_t)e->value - 1].last))
		e->value = (void *)(uintptr_t)(i + 1);
}

void reasons_init(struct reasons *r, const struct findings *findings, struct words *words)
{
	size_t own = findings_count(findings), members = findings_members(findings);

	r->words = words;
	r->all = calloc(own + members + 1, sizeof *r->all);
	r->count = r->all ? own + members : 0;
	map_init(&r->parties, own + members);
	map_init(&r->errors, own + members);
	map_init(&r->warnings, own + members);
	for (size_t i = 0; r->all && i < own; i++) {
		const struct finding *f = findings_at(findings, i);

		r->all[i] = (struct reason){ .finding = f, .last = f->last };
		/* Who is in a sum is asked by itself. */
		if (!f->clients)
			index_reason(r, i, f->has_client ? &f->client : NULL);
	}
	for (size_t i = 0; r->all && i < members; i++) {
		struct reason *at = &r->all[own + i];
		struct addr client;

		at->finding = findings_member(findings, i, &client, &at->last);
		if (at->finding)
			index_reason(r, own + i, &client);
	}
}

void reasons_release(struct reasons *r)
{
	map_release(&r->errors);
	map_release(&r->warnings);
	map_release(&r->parties);
	free(r->all);
}

const struct finding *ladder_missed(const struct findings *findings, size_t i, struct addr *client)
{
	size_t own = findings_count(findings);
	const struct finding *f;
	int64_t last;

	if (i < own) {
		f = findings_at(findings, i)->has_client ? findings_at(findings, i) : NULL;
		*client = findings_at(findings, i)->client;
	} else {
		f = findings_member(findings, i - own, client, &last);
	}
	return f && (f->kind == FINDING_CLIENT_SILENT || f->kind == FINDING_CONNECTION_MISSING ||
	             f->kind == FINDING_NO_UPDATE_POINT)
	               ? f
	               : NULL;
}

/* NULL: nothing explains that row. */
static const struct reason *explaining(const struct ladder *n, const struct map *index,
                                       const struct reasons *r)
{
	const struct reason *best = NULL;

	/* A finding that names neither stops nobody in particular. */
	for (int i = 1; i < 4; i++) {
		struct parties p = parties_of(i & 1 ? &n->client : NULL, i & 2 ? &n->server.addr : NULL);
		const struct map_entry *e = map_find(index, span_of(p.bytes, sizeof p.bytes));
		const struct reason *at = e && e->value ? &r->all[(uintptr_t)e->value - 1] : NULL;

		if (at && (!best || at->finding->id < best->finding->id))
			best = at;
	}
	return best;
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

/* A SYN that nobody answered by the time the capture ended may still be: see SYN_PATIENCE.  A reset is an
 * answer (RFC 9293 section 3.10.7.3). */
static void forget_last_attempt(struct ladder *n, int64_t now)
{
	struct rung *r = &n->rungs[RUNG_CONNECTION];

	if (r->state == RUNG_FAILED && now - r->when < SYN_PATIENCE &&
	    !strcmp(r->detail, _(connection_outcome_name(CONNECTION_UNANSWERED))))
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
static bool is_overcome(const struct ladder *n, const struct reason *why)
{
	/* Who is served by a server that it should not ask is not stopped there. */
	if (why->finding->kind == FINDING_WRONG_SERVER && n->served)
		return true;
	return why->last < ladder_last_success(n, RUNG_SELFUPDATE) ||
	       (rung_of_kind(why->finding->kind) == RUNG_COUNT && why->last < n->got_through);
}

static void stop_at(struct ladder *n, const struct reason *why)
{
	const struct finding *f = why->finding;
	enum rung_name at = f->stops ? (enum rung_name)(f->stops - 1) : rung_of_kind(f->kind);

	if (at == RUNG_COUNT)
		return;
	n->rungs[at].state = RUNG_FAILED;
	n->rungs[at].when = why->last;
	n->rungs[at].frame = f->frame_count ? f->frames[f->frame_count - 1] : 0;
	n->rungs[at].detail = finding_row(f->kind)->kind;
}

static void word_verdict(struct ladder *n, const char *why, enum rung_name bad, struct words *words)
{
	enum rung_name good = ladder_highest(n, RUNG_OK);
	char text[WORDS_TEXT];

	if (why)
		tongue_say(text, sizeof text, "%s", why);
	else if (bad != RUNG_COUNT)
		tongue_say(text, sizeof text, "stopped at %s: %s", rung_text(bad), n->rungs[bad].detail);
	else if (good == RUNG_TLS)
		tongue_say(text, sizeof text,
			   n->suite_unread ? N_("no trouble seen up to %s, which hides the rest: its "
						"cipher suite is "
						"not read")
					   : N_("no trouble seen up to %s, which hides the rest: "
						"--keys would show "
						"it"),
			   rung_text(good));
	else if (good != RUNG_COUNT)
		tongue_say(text, sizeof text, "no trouble seen up to %s", rung_text(good));
	else
		tongue_say(text, sizeof text, "nothing seen of its way");
	n->verdict = words_keep(words, span_text(text));
}

static bool is_of_one(const struct reason *why)
{
	return why->finding->has_client || why->finding->clients;
}

void ladder_judge(struct ladder *n, const struct reasons *r, int64_t now)
{
	const struct reason *why = explaining(n, &r->errors, r);
	const struct reason *warning = explaining(n, &r->warnings, r);
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
	            (bad != RUNG_COUNT || (why && (is_of_one(why) || (good == RUNG_TLS && !n->served))));
	if (n->failed && why && bad == RUNG_COUNT)
		stop_at(n, why);
	word_verdict(n, mild ? warning->finding->title : why && n->failed ? why->finding->title : NULL, bad,
	             r->words);
}

static void outlive(const struct ladder *n, struct reasons *r)
{
	for (int i = 1; i < 4; i++) {
		struct parties p = parties_of(i & 1 ? &n->client : NULL, i & 2 ? &n->server.addr : NULL);
		const struct map_entry *e = map_find(&r->parties, span_of(p.bytes, sizeof p.bytes));

		for (uintptr_t at = e ? (uintptr_t)e->value : 0; at; at = r->all[at - 1].next) {
			struct reason *why = &r->all[at - 1];

			why->met = true;
			why->holds |= n->failed && !is_overcome(n, why);
		}
	}
}

void reasons_conclude(struct reasons *r, const struct ladder *rows, size_t count, struct findings *findings)
{
	size_t own = findings_count(findings);

	for (size_t i = 0; i < count; i++)
		outlive(&rows[i], r);
	for (size_t i = 0; i < r->count; i++) {
		const struct reason *at = &r->all[i];

		/* Of a sum what each client has of it. */
		if (at->finding && at->met && !at->holds && (i >= own || !at->finding->clients))
			finding_outlived(findings, at->finding);
	}
}
