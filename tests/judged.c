/* tests/judged.c - runs stories past analyzers and compares what they find. */
#include "tests/judged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "analyzers/scan.h"
#include "analyzers/updates.h"
#include "report/mask.h"
#include "tests/exchanges.h"

enum { ARENA_MAX = 1 << 20 };

struct bench {
	struct relevance *relevance;
	struct findings *findings;
	struct limits limits;
	struct scans *scans;
	struct updates *updates;
	const struct analyzer *const *analyzers;
	void *self[8];
	size_t count;
};

static void scan_over(void *self, const struct scan *scan)
{
	struct bench *b = self;

	for (size_t i = 0; i < b->count; i++)
		if (b->analyzers[i]->scan)
			b->analyzers[i]->scan(b->self[i], scan);
}

static void state(struct bench *b, const struct fact *fact)
{
	relevance_learn(b->relevance, fact);
	scans_fact(b->scans, fact);
	updates_fact(b->updates, fact);
	for (size_t i = 0; i < b->count; i++)
		b->analyzers[i]->fact(b->self[i], fact);
}

static void state_tls(struct bench *b, struct span server, int64_t time)
{
	struct connection conn = { 0 };
	struct tls_session tls = { .conn = &conn, .established = true };
	struct fact fact = { .kind = FACT_TLS, .time = time, .tls = &tls };

	if (exchange_endpoint(server, &conn.server))
		state(b, &fact);
}

/* "3 client": connection 3 ends, its client says FIN first. */
static void state_end(struct bench *b, struct span words, int64_t time)
{
	struct connection conn = { .closed = CONNECTION_FIN, .last_time = time };
	struct fact fact = { .kind = FACT_CONNECTION, .time = time, .connection = &conn };
	bool by_client = span_iends(words, SPAN("client"));

	conn.side[CLIENT].fin_frame = by_client ? 1 : 2;
	conn.side[SERVER].fin_frame = by_client ? 2 : 1;
	if (span_decimal(span_split(&words, ' '), &conn.id))
		state(b, &fact);
}

static void run_lines(struct bench *b, struct arena *arena, struct span script)
{
	int64_t time = 0;
	uint64_t seconds;

	for (size_t number = 1; script.len;) {
		struct span line = span_trim(span_split(&script, '\n'));
		struct fact fact = { .kind = FACT_EXCHANGE };

		time += MOMENT_S;
		if (line.len && line.at[0] == '+' && span_decimal(span_skip(line, 1), &seconds))
			time += (int64_t)seconds * MOMENT_S;
		else if (span_starts(line, SPAN("tls ")))
			state_tls(b, span_skip(line, 4), time);
		else if (span_starts(line, SPAN("over ")))
			state_end(b, span_skip(line, 5), time);
		else if (line.len) {
			fact.exchange = exchange_of(arena, arena_text(arena, line), number++, time);
			fact.time = time;
			if (fact.exchange)
				state(b, &fact);
		}
	}
	scans_end(b->scans, time + MOMENT_S);
	for (size_t i = 0; i < b->count; i++)
		if (b->analyzers[i]->end)
			b->analyzers[i]->end(b->self[i], time + MOMENT_S);
}

/* What was found, in `told`; whom and why, in `words`. */
struct verdict {
	char told[600], words[6000];
};

static void write_findings(const struct findings *findings, struct verdict *v)
{
	size_t told = 0, words = 0;

	for (size_t i = 0; i < findings_count(findings); i++) {
		const struct finding *n = findings_at(findings, i);
		char shown[SHOWN_TEXT], client[ADDR_TEXT] = "-", server[ENDPOINT_TEXT] = "-";

		if (told >= sizeof v->told || words >= sizeof v->words)
			break;
		if (n->has_client)
			addr_text(&n->client, client);
		if (n->has_server)
			endpoint_text(&n->server, server);
		told += (size_t)snprintf(v->told + told, sizeof v->told - told, "%s%s %s %s %llu",
					 told ? "; " : "", finding_row(n->kind)->kind,
					 severity_name(n->severity), confidence_name(n->confidence),
					 (unsigned long long)n->count);
		words += (size_t)snprintf(v->words + words, sizeof v->words - words,
					  "%s > %s%s by %s, codes %s: %s\nfirst %s\n", client, server,
					  n->has_via ? " via" : "", n->answered_by, n->codes,
					  mask_text(n->cause, true, shown), n->remedy);
	}
}

static void run(const struct analyzer *const *analyzers, size_t count, const char *script, struct verdict *v)
{
	static const struct relevance_options options = { .sups = NULL };
	struct bench b = { .analyzers = analyzers, .count = count };
	struct arena arena;
	struct analyzer_env env;

	arena_init(&arena, ARENA_MAX);
	b.relevance = relevance_new(&options);
	b.findings = findings_new(&b.limits);
	b.scans = scans_new(b.relevance, &b.limits, NULL, scan_over, &b);
	b.updates = updates_new();
	env = (struct analyzer_env){ .findings = b.findings, .relevance = b.relevance, .limits = &b.limits,
		                     .scans = b.scans, .updates = b.updates };
	for (size_t i = 0; i < count; i++)
		b.self[i] = analyzers[i]->create(&env);
	run_lines(&b, &arena, span_text(script));
	findings_settle(b.findings, false);
	write_findings(b.findings, v);
	for (size_t i = 0; i < count; i++)
		analyzers[i]->destroy(b.self[i]);
	scans_free(b.scans);
	updates_free(b.updates);
	findings_free(b.findings);
	relevance_free(b.relevance);
	arena_release(&arena);
}

void judge_rows(const struct analyzer *const *analyzers, size_t count, const struct judged *rows,
		size_t row_count)
{
	for (size_t i = 0; i < row_count; i++) {
		struct verdict v = { "", "" };
		bool right;

		run(analyzers, count, rows[i].script, &v);
		right = !strcmp(v.told, rows[i].want) && (!rows[i].says || strstr(v.words, rows[i].says));
		if (!right)
			fail_msg("%s:\n found  \"%s\"\n wanted \"%s\" saying \"%s\"\n%s", rows[i].name,
				 v.told, rows[i].want, rows[i].says ? rows[i].says : "", v.words);
	}
}
