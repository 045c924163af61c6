/* tests/test_journal_sweep.c - what is told while a capture goes on is what its report says at the end.
 *
 *   test_journal_sweep [FILE...]     without files: all of pcaps/
 *
 * At many frames of each capture its traffic stops, as far as it concerns wsuscope, while the clock goes on:
 * some seconds, and a minute; then it ends as it did.  Nothing may be told that its report does not say, and
 * all that this says must be told.  What a minute brings about, the table has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/engine.h"
#include "live/journal.h"
#include "live/judge.h"
#include "tests/captures.h"
#include "tests/rewrite.h"

enum { STOPS = 3, TOLD_MAX = 400, SUPS = 8, ROOM = 32 << 20 };

/* Told when traffic stops for a minute, and withdrawn: who had gone for good would have met that. */
static const struct withdrawn {
	const char *name;
	enum finding_kind kind;
} withdrawn[] = {
	/* A login that is begun, and not gone on with. */
	{ "auth-401-basic-wrong-user", FINDING_ANONYMOUS_REFUSED },
	{ "auth-401-digest-ok", FINDING_ANONYMOUS_REFUSED },
	{ "auth-401-digest-wrong-password", FINDING_ANONYMOUS_REFUSED },
	{ "auth-401-final", FINDING_ANONYMOUS_REFUSED },
	{ "auth-401-negotiate-then-ntlm", FINDING_ADMIN_API_DENIED },
	{ "auth-401-then-200-basic", FINDING_ADMIN_API_DENIED },
	{ "auth-401-then-200-ntlm", FINDING_ADMIN_API_DENIED },
	{ "auth-multiplexed", FINDING_ADMIN_API_DENIED },
	{ "squid-407-basic-ok", FINDING_PROXY_AUTH_REQUIRED },
	{ "squid-407-ntlm-ok", FINDING_PROXY_AUTH_REQUIRED },
	{ "squid-407-wrong-password", FINDING_PROXY_AUTH_REQUIRED },
	/* The next try, reply or name is better. */
	{ "content-file-arrives", FINDING_CONTENT_MISSING },
	{ "healthy-told-late", FINDING_NO_UPDATE_POINT },
	{ "healthy-told-slow", FINDING_CONNECTION_MISSING },
	{ "name-comes-back", FINDING_NAME_NOT_RESOLVED },
	{ "name-suffix-heals", FINDING_NAME_NOT_RESOLVED },
	{ "resolved-never-tries", FINDING_CONNECTION_MISSING },
	{ "server-changed", FINDING_SERVER_CHANGED },
	{ "soap-fault-internal-error", FINDING_SOAP_FAULT },
	{ "syn-ack-late", FINDING_CONNECTION_UNANSWERED },
	{ "tls-hello-now-and-then", FINDING_TLS_ABORTED },
	{ "tls-hello-now-and-then", FINDING_TLS_NOT_SERVED },
	{ "tls12-server-renegotiates", FINDING_CLIENT_CERTIFICATE_DEMANDED },
	/* What explains it comes later: the server is back, another port serves, the proxy shows its own. */
	{ "service-interrupted", FINDING_CONNECTION_REFUSED },
	{ "wrong-port", FINDING_CONNECTION_REFUSED },
	{ "tls-intercepted-refused", FINDING_CERTIFICATE_UNTRUSTED },
};

static const int64_t SHORT = 6 * MOMENT_S;
static const int64_t stalls[] = { 6 * MOMENT_S, 60 * MOMENT_S };

struct told {
	struct finding finding;
	bool open;
	bool over;                      /* somebody got past: the report may judge otherwise since */
};

struct sweep {
	const char *path;
	struct engine *engine;
	struct journal *journal;
	int64_t stall;                  /* ns that the clock goes on */
	size_t at;                      /* frames before it */
	struct told told[TOLD_MAX];
	size_t count;
	unsigned wrong;
};

static bool is_known(const struct sweep *s, const struct finding *n)
{
	struct span name = captures_scenario(s->path);

	for (size_t i = 0; s->stall > SHORT && i < sizeof withdrawn / sizeof *withdrawn; i++)
		if (span_eq(name, span_text(withdrawn[i].name)) && withdrawn[i].kind == n->kind)
			return true;
	return false;
}

static void complain(struct sweep *s, const char *what, const struct finding *n)
{
	char client[ADDR_TEXT] = "", server[ENDPOINT_TEXT] = "";

	s->wrong++;
	print_message("    %s, %lld s at frame %zu: %s: %s %s %s %s %s: %s\n", s->path,
	              (long long)(s->stall / MOMENT_S), s->at, what, finding_row(n->kind)->kind,
	              severity_name(n->severity), confidence_name(n->confidence),
	              n->has_client ? addr_text(&n->client, client) : "-",
	              n->has_server ? endpoint_text(&n->server, server) : "-", n->cause);
}

static bool same(const struct finding *a, const struct finding *b)
{
	return a->kind == b->kind && a->has_client == b->has_client && a->has_server == b->has_server &&
	       a->has_via == b->has_via && (!a->has_client || addr_eq(&a->client, &b->client)) &&
	       (!a->has_server || endpoint_eq(&a->server, &b->server)) &&
	       (!a->has_via || endpoint_eq(&a->via, &b->via));
}

/* The one of those that go on. */
static size_t told_at(const struct sweep *s, const struct finding *n)
{
	size_t i = 0;

	while (i < s->count && !(s->told[i].open && !s->told[i].over && same(&s->told[i].finding, n)))
		i++;
	assert_true(i < s->count);
	return i;
}

static void take_entry(void *self, const struct journal_entry *e)
{
	struct sweep *s = self;

	switch (e->word) {
	case JOURNAL_RAISED:
		assert_true(s->count < TOLD_MAX);
		s->told[s->count++] = (struct told){ *e->finding, true, false };
		break;
	case JOURNAL_WITHDRAWN:
		s->told[told_at(s, e->finding)].open = false;
		if (!is_known(s, e->finding))
			complain(s, "told and withdrawn", e->finding);
		break;
	case JOURNAL_RESOLVED:
		s->told[told_at(s, e->finding)].over = true;
		break;
	case JOURNAL_UPDATED:
	case JOURNAL_CEASED:
	case JOURNAL_AGAIN:
		break;
	case JOURNAL_MORE:
	case JOURNAL_WORD_COUNT:
		fail();
	}
}

/* Other people's traffic: it moves the clock. */
static void end_engine(void *self, struct report *r)
{
	static const uint8_t lldp[] = { 1, 128, 194, 0, 0, 14, 2, 0, 0, 0, 0, 1, 0x88, 0xcc, 0, 0 };
	struct sweep *s = self;
	struct frame frame = { .link_type = 1, .time = engine_now(s->engine) + s->stall,
		               .bytes = { lldp, sizeof lldp }, .wire_len = sizeof lldp };

	if (s->stall)
		engine_frame(s->engine, &frame);
	engine_end(s->engine);
	engine_report(s->engine, r);
}

/* The judge's next view. */
static const struct view *judged(struct judge *j)
{
	static int64_t now;             /* ever later: each is due at once */

	now += 3600 * MOMENT_S;
	for (int waits = 0; waits < 100000; waits++) {
		if (judge_turn(j, now))
			return judge_view(j);
		usleep(100);
	}
	fail_msg("no judgement");
	return NULL;
}

/* What the report has was told, and what was told and not withdrawn, it has. */
static void compare(struct sweep *s, const struct view *v)
{
	bool known[TOLD_MAX] = { false };

	for (size_t i = 0; i < v->finding_count; i++) {
		size_t at = 0;

		if (v->findings[i].severity < SEVERITY_WARNING)
			continue;
		while (at < s->count && (known[at] || !s->told[at].open ||
		                         !same(&s->told[at].finding, &v->findings[i])))
			at++;
		if (at == s->count)
			complain(s, "not told", &v->findings[i]);
		else
			known[at] = true;
	}
	for (size_t i = 0; i < s->count; i++)
		if (s->told[i].open && !s->told[i].over && !known[i])
			complain(s, "told, and not found", &s->told[i].finding);
}

/* A view that stays what it is while the clock goes on, every other second. */
static void take_until(struct journal *j, const struct view *view, int64_t from, int64_t to)
{
	struct view v = *view;

	for (int64_t at = from; at <= to; at += 2 * MOMENT_S) {
		v.now = view->now - from + at;
		journal_take(j, &v);
	}
}

/* A run that stops for so long, and then goes on to its end. */
static void stop(struct sweep *s, const struct view *before, const struct view *after,
                 const struct view *last, int64_t stall)
{
	const struct journal_options options = { .from = SEVERITY_WARNING, .tell = take_entry, .self = s,
		                                 .at_once = TOLD_MAX };
	struct journal *j = journal_new(&options);

	assert_non_null(j);
	s->count = 0;
	take_until(j, before, 0, stall - 2 * MOMENT_S);
	take_until(j, after, stall, stall);
	take_until(j, last, 0, 2 * MOMENT_S);
	journal_end(j, last->now);
	compare(s, last);
	journal_free(j);
}

/* What a judge sees after that time; its texts go with the next one. */
static struct view *judged_after(struct sweep *s, struct judge *judge, int64_t stall)
{
	struct view *copy = malloc(sizeof *copy);
	struct finding *findings;

	assert_non_null(copy);
	s->stall = stall;
	*copy = *judged(judge);
	findings = calloc(copy->finding_count + 1, sizeof *findings);
	assert_non_null(findings);
	if (copy->finding_count)
		memcpy(findings, copy->findings, copy->finding_count * sizeof *findings);
	copy->findings = findings;
	copy->client_count = 0;         /* nobody gets past anything */
	return copy;
}

static void view_free(struct view *v)
{
	free((void *)(uintptr_t)v->findings);
	free(v);
}

static void stop_here(struct sweep *s, struct judge *judge, const struct view *last)
{
	struct view *now = judged_after(s, judge, 0);

	for (size_t i = 0; i < sizeof stalls / sizeof *stalls; i++) {
		struct view *later = judged_after(s, judge, stalls[i]);

		stop(s, now, later, last, stalls[i]);
		view_free(later);
	}
	view_free(now);
}

/* The report itself; to be freed. */
static struct view *last_view(struct sweep *s, const struct reel *reel)
{
	struct view *room = malloc(ROOM);
	struct report r = { 0 };

	assert_non_null(room);
	s->engine = engine_new(&(struct engine_options){ .memory = 0 });
	assert_non_null(s->engine);
	for (size_t i = 0; i < reel->count; i++)
		engine_frame(s->engine, &reel->all[i].frame);
	end_engine(s, &r);
	assert_non_null(view_take(room, ROOM, &r, r.now));
	assert_false(room->cut);
	engine_free(s->engine);
	return room;
}

static void sweep(const char *path, bool every)
{
	struct sweep s = { .path = path };
	struct judge *judge;
	struct reel reel;
	struct fault f = { 0 };
	struct view *last;
	size_t stride;

	reel_init(&reel);
	assert_true(reel_read(&reel, s.path, &f));
	stride = every ? 1 : reel.count / STOPS | 1;
	last = last_view(&s, &reel);
	s.engine = engine_new(&(struct engine_options){ .memory = 0 });
	judge = judge_new(&(struct judge_options){ .end = end_engine, .self = &s, .room = ROOM });
	assert_non_null(s.engine);
	for (size_t i = 0; i < reel.count; i++) {
		engine_frame(s.engine, &reel.all[i].frame);
		s.at = i + 1;
		if (i % stride == stride - 1)
			stop_here(&s, judge, last);
	}
	assert_int_equal(judge_counts(judge).failures, 0);
	judge_free(judge);
	engine_free(s.engine);
	reel_release(&reel);
	free(last);
	assert_int_equal(s.wrong, 0);
}

static void stops_at_some_frames(void **state)
{
	sweep(*state, false);
}

static void stops_at_every_frame(void **state)
{
	sweep(*state, true);
}

int main(int argc, char **argv)
{
	return captures_run(argc, argv, &(struct captures_tests){
		.group = "sweep",
		.each = stops_at_some_frames,
		.named = stops_at_every_frame,
	});
}
