/* tests/tale.c - views made by hand. */
#include "tests/tale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/trial.h"

static void take_entry(void *self, const struct journal_entry *e)
{
	struct tale *t = self;
	size_t len = strlen(t->log);

	snprintf(t->log + len, sizeof t->log - len, "%s%s %s %llu", len ? "; " : "",
	         finding_row(e->finding->kind)->kind, journal_word_name(e->word),
	         (unsigned long long)e->count);
	t->last = *e;
	t->told++;
	if (e->word != JOURNAL_MORE)
		return;
	t->raised += e->raised;
	t->over += e->over;
	t->clients += e->clients;
}

void tale_begin(struct tale *t, enum severity from)
{
	*t = (struct tale){ .view.now = BEGIN };
	t->journal = journal_new(&(struct journal_options){ .from = from, .tell = take_entry, .self = t });
	t->findings = calloc(VIEW_FINDINGS_MAX, sizeof *t->findings);
	assert_non_null(t->journal);
	assert_non_null(t->findings);
	t->view.findings = t->findings;
	t->view.clients = t->rows;
}

void tale_end(struct tale *t)
{
	journal_free(t->journal);
	free(t->findings);
}

/* One more, of a kind; client "" for all. */
struct finding *tale_add(struct tale *t, enum finding_kind kind, const char *client, const char *server)
{
	struct finding *n = &t->findings[t->view.finding_count++];

	*n = (struct finding){ .kind = kind, .severity = finding_row(kind)->severity,
		               .confidence = CONFIDENCE_CERTAIN,
		               .title = "", .remedy = "", .cause = "It is so.", .count = 1,
		               .first = t->view.now, .last = t->view.now };
	n->has_client = client[0];
	if (n->has_client)
		n->client = addr_at(client);
	n->has_server = server[0];
	if (n->has_server)
		n->server = endpoint_at(server);
	t->view.finding_total = t->view.finding_count;
	return n;
}

struct ladder *tale_row(struct tale *t, const char *client, const char *server)
{
	struct ladder *l = &t->rows[t->view.client_count++];

	*l = (struct ladder){ .client = addr_at(client), .server = endpoint_at(server),
		              .got_through = MOMENT_NONE };
	for (int i = 0; i < RUNG_COUNT; i++)
		l->rungs[i] = (struct rung){ .when = MOMENT_NONE, .detail = "" };
	t->view.client_total = t->view.client_count;
	return l;
}

void tale_climb(struct ladder *l, enum rung_name rung, enum rung_state state, int64_t when)
{
	l->rungs[rung].state = (uint8_t)state;
	l->rungs[rung].when = when;
}

void tale_view(struct tale *t)
{
	journal_take(t->journal, &t->view);
}

/* Views every other second, that long. */
void tale_pass(struct tale *t, int64_t seconds)
{
	for (int64_t i = 0; i < seconds; i += 2) {
		t->view.now += 2 * MOMENT_S;
		tale_view(t);
	}
}

void tale_fails(struct tale *t, struct finding *n, uint64_t times)
{
	n->count += times;
	n->last = t->view.now;
}

/* What has been told since the last time it was asked. */
void tale_expect(struct tale *t, const char *wanted)
{
	assert_string_equal(t->log, wanted);
	t->log[0] = '\0';
}

/* Raised, and told. */
struct finding *tale_told(struct tale *t, enum finding_kind kind, const char *client)
{
	struct finding *n = tale_add(t, kind, client, SUP);

	tale_view(t);
	tale_pass(t, 10);
	t->log[0] = '\0';
	return n;
}
