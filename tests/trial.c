/* tests/trial.c - running one analyzer. */
#include "tests/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "analyzers/addrnames.h"
#include "analyzers/updates.h"

static void begin(struct trial *t, const struct analyzer *analyzer, const struct relevance_options *options)
{
	struct analyzer_env env;

	t->analyzer = analyzer;
	t->relevance = relevance_new(options);
	t->findings = findings_new(&t->limits);
	t->names = addrnames_new(&t->limits, NULL);
	t->updates = updates_new();
	env = (struct analyzer_env){ .findings = t->findings, .relevance = t->relevance, .limits = &t->limits,
		                     .names = t->names, .updates = t->updates };
	t->self = analyzer->create(&env);
	assert_non_null(t->self);
}

void trial_begin(struct trial *t, const struct analyzer *analyzer, const struct relevance_options *options)
{
	static const struct relevance_options none = { .all = false };

	*t = (struct trial){ .analyzer = NULL };
	begin(t, analyzer, options ? options : &none);
}

void trial_begin_expecting(struct trial *t, const struct analyzer *analyzer, const char *sup,
                           const char *client)
{
	struct relevance_options options = { .sups = &sup, .sup_count = sup != NULL, .clients = &t->expected,
		                             .client_count = client != NULL };

	*t = (struct trial){ .analyzer = NULL };
	if (client)
		assert_true(prefix_parse(span_text(client), &t->expected));
	begin(t, analyzer, &options);
}

void trial_fact(struct trial *t, const struct fact *fact)
{
	relevance_learn(t->relevance, fact);
	addrnames_fact(t->names, fact);
	updates_fact(t->updates, fact);
	t->analyzer->fact(t->self, fact);
}

void trial_connection(struct trial *t, const struct connection *c)
{
	trial_fact(t, &(struct fact){ .kind = FACT_CONNECTION, .time = c->last_time, .connection = c });
}

void trial_exchange(struct trial *t, const struct exchange *x)
{
	trial_fact(t, &(struct fact){ .kind = FACT_EXCHANGE, .time = x->conn->last_time, .exchange = x });
}

void trial_tls(struct trial *t, const struct tls_session *s)
{
	trial_fact(t, &(struct fact){ .kind = FACT_TLS, .time = s->last_time, .tls = s });
}

static void tell(struct trial *t)
{
	size_t told = 0, words = 0;

	for (size_t i = 0; i < findings_count(t->findings); i++) {
		const struct finding *n = findings_at(t->findings, i);

		told += (size_t)snprintf(t->told + told, TRIAL_TEXT - told, "%s%s %s %s %llu",
		                         told ? "; " : "", finding_row(n->kind)->kind,
		                         severity_name(n->severity), confidence_name(n->confidence),
		                         (unsigned long long)n->count);
		words += (size_t)snprintf(t->words + words, TRIAL_TEXT - words, "%s\n", n->cause);
		for (unsigned e = 0; e < n->evidence_count; e++)
			words += (size_t)snprintf(t->words + words, TRIAL_TEXT - words, "%llu: %s\n",
			                          (unsigned long long)n->evidence[e].frame,
			                          n->evidence[e].text);
	}
}

void trial_end(struct trial *t, int64_t now)
{
	if (t->analyzer->end)
		t->analyzer->end(t->self, now);
	findings_settle(t->findings, false);
	tell(t);
	trial_free(t);
}

void trial_free(struct trial *t)
{
	t->analyzer->destroy(t->self);
	findings_free(t->findings);
	addrnames_free(t->names);
	updates_free(t->updates);
	relevance_free(t->relevance);
}

void trial_expect(const struct trial *t, const char *name, const char *told, const char *says)
{
	if (strcmp(t->told, told) != 0 || (says && !strstr(t->words, says)))
		fail_msg("%s:\n found  \"%s\"\n wanted \"%s\" saying \"%s\"\n%s", name, t->told, told,
		         says ? says : "", t->words);
}

struct addr addr_at(const char *text)
{
	struct addr a;

	if (!addr_parse(span_text(text), &a))
		fail_msg("%s is no address", text);
	return a;
}

struct endpoint endpoint_at(const char *text)
{
	struct span all = span_text(text);
	struct endpoint e = { .port = 0 };
	uint64_t port = 0;

	for (size_t i = 0; i < all.len; i++)
		if (all.at[i] == ':' && span_decimal(span_skip(all, i + 1), &port) && port <= UINT16_MAX &&
		    addr_parse(span_of(all.at, i), &e.addr))
			e.port = (uint16_t)port;
	if (!e.port)
		fail_msg("%s is no endpoint", text);
	return e;
}

struct connection connection_at(const char *client, const char *server, int64_t at)
{
	struct connection c = {
		.client = { addr_at(client), 50000 },
		.server = endpoint_at(server),
		.outcome = CONNECTION_ESTABLISHED,
		.closed = CONNECTION_FIN,
		.first_time = at * MOMENT_S,
		.last_time = (at + 1) * MOMENT_S,
		.first_frame = 1,
		.last_frame = 9,
		.syn_count = 1,
		.syn_frame = 1,
		.synack_frame = 2,
		.syn_time = at * MOMENT_S,
		.synack_time = at * MOMENT_S + MOMENT_MS,
		.rtt = MOMENT_MS,
		.client_by_syn = true,
	};

	for (int s = CLIENT; s <= SERVER; s++) {
		c.side[s].packets = 5;
		c.side[s].bytes = 500;
		c.side[s].ttl = 128;
		c.side[s].mss = 1460;
		c.side[s].last_data = at * MOMENT_S + 10 * MOMENT_MS;
	}
	return c;
}

struct exchange call_on(const struct connection *c, const char *path)
{
	struct exchange x = {
		.conn = c,
		.method = SPAN_LIT("POST"),
		.target = span_text(path),
		.path = span_text(path),
		.host = SPAN_LIT("wsus01:8530"),
		.ttfb = -1,
		.idle_before = -1,
	};

	x.request = (struct http_message){
		.present = true,
		.head_complete = true,
		.version = 11,
		.first_frame = 4,
		.last_frame = 4,
		.first_time = c->first_time,
		.last_time = c->first_time,
		.end_time = c->first_time,
		.body = { .complete = true },
	};
	return x;
}

void answer(struct exchange *x, unsigned status, int64_t ms)
{
	int64_t at = x->request.last_time + ms * MOMENT_MS;

	x->status = (uint16_t)status;
	x->ttfb = ms * MOMENT_MS;
	x->end = EXCHANGE_COMPLETE;
	x->response = x->request;
	x->response.first_frame = x->response.last_frame = 6;
	x->response.first_time = x->response.last_time = x->response.end_time = at;
}
