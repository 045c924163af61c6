/* tests/exchanges.c - a small language for exchanges. */
#include "tests/exchanges.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { HEADERS_MAX = 24, ARENA_MAX = 1 << 20 };

static bool endpoint_of(struct span text, struct endpoint *e)
{
	size_t colon = text.len;
	uint64_t port = 0;

	while (colon > 0 && text.at[colon - 1] != ':')
		colon--;
	if (addr_parse(text, &e->addr)) {
		e->port = 50000;
		return true;
	}
	e->port = 0;
	if (!colon || !span_decimal(span_skip(text, colon), &port))
		return false;
	e->port = (uint16_t)port;
	return addr_parse(span_of(text.at, colon - 1), &e->addr);
}

static struct span word(struct span *line)
{
	*line = span_trim(*line);
	return span_split(line, ' ');
}

static enum auth_scheme scheme_named(struct span name)
{
	for (unsigned s = 0; s < AUTH_SCHEME_COUNT; s++)
		if (span_ieq(span_text(auth_scheme_name((enum auth_scheme)s)), name))
			return (enum auth_scheme)s;
	return AUTH_OTHER;
}

static enum auth_step step_named(struct span name)
{
	for (unsigned s = 0; s <= AUTH_STEP_SPNEGO_TOKEN; s++)
		if (span_eq(span_text(auth_step_name((enum auth_step)s)), name))
			return (enum auth_step)s;
	return AUTH_STEP_NONE;
}

/* "NTLM authenticate", "Basic credentials alice"; offers: "Negotiate, NTLM", "NTLM challenge". */
static void read_auth(struct auth *auth, struct span value, bool by_client)
{
	struct span first = value, scheme = span_split(&first, ' ');

	if (by_client) {
		auth->sent = true;
		auth->scheme = scheme_named(scheme);
		auth->sent_step = step_named(span_split(&first, ' '));
		auth->user = first;
		return;
	}
	if (step_named(first) != AUTH_STEP_NONE)
		auth->answer_step = step_named(first);
	while (value.len) {
		struct span one = span_trim(span_split(&value, ','));

		auth->offered |= 1u << scheme_named(span_split(&one, ' '));
	}
}

static void read_header(struct exchange *x, struct http_header h, bool by_client)
{
	if (span_ieq(h.name, SPAN("Authorization")) || span_ieq(h.name, SPAN("WWW-Authenticate")))
		read_auth(&x->server_auth, h.value, by_client);
	if (span_ieq(h.name, SPAN("Proxy-Authorization")) || span_ieq(h.name, SPAN("Proxy-Authenticate")))
		read_auth(&x->proxy_auth, h.value, by_client);
	if (by_client && span_istarts(h.name, SPAN("Proxy-")))
		x->via_proxy = true;
	if (by_client && !x->host.at && span_ieq(h.name, SPAN("Host")))
		x->host = h.value;
}

static void read_remark(struct exchange *x, struct http_message *m, struct span remark)
{
	static const struct exchange tunnel = { 0 };

	if (span_eq(remark, SPAN("tls")))
		x->inside_tls = true;
	else if (span_eq(remark, SPAN("1.0")))
		m->version = 10;
	else if (span_eq(remark, SPAN("tunnel")))
		x->tunnel = &tunnel;
	else if (span_eq(remark, SPAN("end reset")))
		x->end = EXCHANGE_RESET;
}

/* "| Name: value | remark | <body" */
static void read_fields(struct arena *arena, struct exchange *x, struct http_message *m, struct span fields)
{
	struct http_header *headers = arena_alloc(arena, HEADERS_MAX * sizeof *headers);

	m->headers = headers;
	m->head_complete = true;
	while (fields.len) {
		struct span value = span_trim(span_split(&fields, '|')), name;

		if (value.len && value.at[0] == '<') {
			m->body.start = value;
			continue;
		}
		name = value;
		name = span_split(&name, ':');
		if (name.len == value.len) {
			read_remark(x, m, value);
			continue;
		}
		headers[m->header_count].name = name;
		headers[m->header_count].value = span_trim(span_skip(value, name.len + 1));
		read_header(x, headers[m->header_count], m == &x->request);
		if (span_ieq(name, SPAN("Content-Length")))
			m->body.has_length = span_decimal(headers[m->header_count].value, &m->body.declared);
		m->header_count++;
	}
}

static void read_target(struct exchange *x)
{
	struct span rest = x->target;
	size_t scheme = span_find(rest, SPAN("://"));

	if (span_eq(x->method, SPAN("CONNECT"))) {
		x->host = x->target;
		x->via_proxy = true;
		return;
	}
	if (scheme != SIZE_MAX) {
		rest = span_skip(rest, scheme + 3);
		x->host = rest;
		x->host = span_split(&x->host, '/');
		rest = span_skip(rest, x->host.len);
		x->via_proxy = true;
	}
	x->path = span_split(&rest, '?');
}

static struct connection *read_parties(struct arena *arena, struct span *line)
{
	struct connection *conn = arena_alloc(arena, sizeof *conn);
	struct span id;
	bool whole = endpoint_of(word(line), &conn->client);

	whole = whole && span_eq(word(line), SPAN(">"));
	whole = whole && endpoint_of(word(line), &conn->server);
	*line = span_trim(*line);
	if (line->len && line->at[0] == '#') {
		id = span_skip(word(line), 1);
		whole = whole && span_decimal(id, &conn->id);
	}
	return whole ? conn : NULL;
}

struct exchange *exchange_of(struct arena *arena, const char *text, size_t number, int64_t time)
{
	struct span line = span_text(text), answer, status;
	struct exchange *x = arena_alloc(arena, sizeof *x);
	size_t arrow = span_find(line, SPAN("=>"));
	uint64_t code = 0;

	answer = arrow == SIZE_MAX ? SPAN("") : span_skip(line, arrow + 2);
	if (arrow != SIZE_MAX)
		line.len = arrow;
	x->conn = read_parties(arena, &line);
	if (!x->conn)
		return NULL;
	x->method = word(&line);
	x->target = word(&line);
	x->request = (struct http_message){ .present = true, .version = 11, .first_frame = 2 * number - 1,
					    .first_time = time, .last_time = time };
	x->response.version = 11;
	read_target(x);
	read_fields(arena, x, &x->request, line);
	if (arrow == SIZE_MAX)
		return x;
	answer = span_trim(answer);
	line = span_trim(span_split(&answer, '|'));
	status = span_split(&line, ' ');
	if (!span_decimal(status, &code))
		return NULL;
	x->status = (uint16_t)code;
	x->reason = line;
	x->response = (struct http_message){ .present = true, .version = 11, .first_frame = 2 * number,
					     .first_time = time, .last_time = time };
	read_fields(arena, x, &x->response, answer);
	x->answered_by = answerer_of(x);
	return x;
}

/* ---- running ---- */

struct bench {
	struct relevance *relevance;
	struct findings *findings;
	struct limits limits;
	const struct analyzer *const *analyzers;
	void *self[8];
	size_t count;
};

static void state(struct bench *b, const struct fact *fact)
{
	relevance_learn(b->relevance, fact);
	for (size_t i = 0; i < b->count; i++)
		b->analyzers[i]->fact(b->self[i], fact);
}

static void state_tls(struct bench *b, struct span server, int64_t time)
{
	struct connection conn = { 0 };
	struct tls_session tls = { .conn = &conn, .established = true };
	struct fact fact = { .kind = FACT_TLS, .time = time, .tls = &tls };

	if (endpoint_of(server, &conn.server))
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
		else if (line.len) {
			fact.exchange = exchange_of(arena, arena_text(arena, line), number++, time);
			fact.time = time;
			if (fact.exchange)
				state(b, &fact);
		}
	}
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
		char client[ADDR_TEXT] = "-", server[ENDPOINT_TEXT] = "-";

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
					  "%s > %s%s by %s, codes %s: %s\n", client, server,
					  n->has_via ? " via" : "", n->answered_by, n->codes, n->cause);
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
	env = (struct analyzer_env){ b.findings, b.relevance, &b.limits };
	for (size_t i = 0; i < count; i++)
		b.self[i] = analyzers[i]->create(&env);
	run_lines(&b, &arena, span_text(script));
	findings_settle(b.findings, false);
	write_findings(b.findings, v);
	for (size_t i = 0; i < count; i++)
		analyzers[i]->destroy(b.self[i]);
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
