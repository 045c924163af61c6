/* tests/rewrite_story.c - facts and findings as lines. */
#include "tests/rewrite_story.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "cli/engine.h"

enum { LINE_MAX_LEN = 1024 };

#define GROUP_LADDERS  (UINT64_MAX - 2)
#define GROUP_FINDINGS (UINT64_MAX - 1)

static void tell(struct story *s, uint64_t group, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void tell(struct story *s, uint64_t group, const char *format, ...)
{
	char text[LINE_MAX_LEN];
	va_list args;

	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		s->lines = realloc(s->lines, s->room * sizeof *s->lines);
		assert_non_null(s->lines);
	}
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	s->lines[s->count] = (struct story_line){ group, s->count, strdup(text) };
	assert_non_null(s->lines[s->count++].text);
}

static const char *address(const struct addr *a, char text[static ADDR_TEXT])
{
	struct addr before = rewrite_address_before(a);

	return addr_text(&before, text);
}

static const char *end(const struct endpoint *e, char text[static ENDPOINT_TEXT])
{
	struct endpoint before = { rewrite_address_before(&e->addr), e->port };

	return endpoint_text(&before, text);
}

static void tell_connection(struct story *s, const struct connection *c)
{
	char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];

	tell(s, c->id,
	     "connection %s > %s %s %s%s%s, bytes %" PRIu64 " %" PRIu64 ", lost %" PRIu64
	     " %" PRIu64 ", FIN %d %d, reset %d %d, SYNs %u",
	     end(&c->client, client), end(&c->server, server), connection_outcome_name(c->outcome),
	     connection_closed_name(c->closed), c->joined ? " joined" : "",
	     c->one_sided ? " one-sided" : "", c->side[CLIENT].bytes, c->side[SERVER].bytes,
	     c->side[CLIENT].lost_bytes, c->side[SERVER].lost_bytes, c->side[CLIENT].fin_frame > 0,
	     c->side[SERVER].fin_frame > 0, c->reset_frame > 0,
	     c->reset_frame ? (int)c->reset_from : -1, c->syn_count);
	tell(s, c->id, "  segments sent again %u %u, out of order %u %u, conflicts %u %u",
	     c->side[CLIENT].retransmissions, c->side[SERVER].retransmissions,
	     c->side[CLIENT].out_of_order, c->side[SERVER].out_of_order, c->side[CLIENT].conflicts,
	     c->side[SERVER].conflicts);
}

/* Its bytes by number and by a hash, keyed by nothing but the place in the story. */
static void tell_message(struct story *s, uint64_t id, const char *who,
                         const struct http_message *m)
{
	const struct http_body *b = &m->body;

	if (!m->present)
		return;
	tell(s, id,
	     "    %s HTTP %u, %zu headers, entity %" PRIu64 ", decoded %" PRIu64 ", lost %" PRIu64
	     "%s%s%s%s, begins %016" PRIx64 ", odd %x",
	     who, m->version, m->header_count, b->entity_bytes, b->decoded_bytes, b->lost_bytes,
	     m->head_complete ? "" : ", head cut", b->skipped ? ", skipped" : "",
	     b->complete ? ", complete" : ", incomplete", b->decoded ? ", all decoded" : "",
	     hash_bytes(0, b->start), m->anomalies);
}

static void tell_auth(struct story *s, uint64_t id, const char *whose, const struct auth *a)
{
	if (a->offered || a->sent || a->answer_step)
		tell(s, id, "    %s login: offered %x, sent %s %s %s %.*s of %.*s on %.*s, answered %s",
		     whose, a->offered, a->sent ? "yes" : "no", a->sent ? auth_scheme_name(a->scheme) : "",
		     auth_step_name(a->sent_step), (int)a->user.len, (const char *)a->user.at,
		     (int)a->domain.len, (const char *)a->domain.at, (int)a->workstation.len,
		     (const char *)a->workstation.at, auth_step_name(a->answer_step));
}

static void tell_exchange(struct story *s, const struct exchange *x)
{
	const struct answerer *by = &x->answered_by;
	uint64_t id = x->conn->id;

	tell(s, id, "  exchange %" PRIu64 " %.*s %.*s host %.*s: %u, interim %u%s%s", x->number,
	     (int)x->method.len, (const char *)x->method.at,
	     (int)(x->target.len < 300 ? x->target.len : 300), (const char *)x->target.at,
	     (int)x->host.len, (const char *)x->host.at, x->status, x->interim_count,
	     x->via_proxy ? ", via proxy" : "", x->tunnel ? ", in a tunnel" : "");
	tell(s, id, "    ends: %s", exchange_end_text(x->end));
	tell_message(s, id, "request", &x->request);
	tell_message(s, id, "response", &x->response);
	tell_auth(s, id, "server", &x->server_auth);
	tell_auth(s, id, "proxy", &x->proxy_auth);
	if (x->response.present)
		tell(s, id, "    answered by %s %s %.*s, %u %%", answerer_role_name(by->role),
		     by->product ? by->product : "?", (int)by->version.len,
		     (const char *)by->version.at, by->confidence);
}

static void tell_tls(struct story *s, const struct tls_session *t)
{
	uint64_t id = t->conn->id;

	tell(s, id,
	     "  TLS to \"%s\": hellos %d %d%s, offered %04x..%04x, got %04x cipher %04x%s%s%s",
	     t->server_name, t->client_hello, t->server_hello, t->hello_cut ? " cut" : "",
	     t->offered_min, t->offered_max, t->version, t->cipher, t->hello_retry ? ", retry" : "",
	     t->resumed ? ", resumed" : "", t->established ? ", established" : "");
	tell(s, id,
	     "    certificate %d, client's asked %d sent %d, records %" PRIu64 " %" PRIu64
	     ", bytes %" PRIu64 " %" PRIu64 ", last %s, %s, other %d %d, lost %u",
	     t->certificate_frame > 0, t->certificate_request_frame > 0,
	     t->client_certificate_message, t->application_records[CLIENT],
	     t->application_records[SERVER], t->application_bytes[CLIENT],
	     t->application_bytes[SERVER], tls_message_name(t->last_message[CLIENT]),
	     tls_message_name(t->last_message[SERVER]), t->not_tls[CLIENT], t->not_tls[SERVER],
	     t->lost);
	for (unsigned i = 0; i < t->alert_count && i < TLS_ALERTS_KEPT; i++)
		tell(s, id, "    alert by %d: %d %u %u", (int)t->alerts[i].by,
		     t->alerts[i].encrypted, t->alerts[i].level, t->alerts[i].description);
}

static void take_fact(void *self, const struct fact *fact)
{
	char from[ADDR_TEXT];

	switch (fact->kind) {
	case FACT_CONNECTION: tell_connection(self, fact->connection); break;
	case FACT_EXCHANGE: tell_exchange(self, fact->exchange); break;
	case FACT_TLS: tell_tls(self, fact->tls); break;
	case FACT_ICMP:
		if (fact->icmp->conn)
			tell(self, fact->icmp->conn->id, "  ICMP by %s",
			     address(&fact->icmp->from, from));
		break;
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
}

static void tell_ladder(struct story *s, const struct ladder *l)
{
	char client[ADDR_TEXT], server[ENDPOINT_TEXT];

	tell(s, GROUP_LADDERS, "ladder %s \"%s\" > %s \"%s\"%s", address(&l->client, client),
	     l->name, end(&l->server, server), l->host, l->via_proxy ? " via proxy" : "");
	tell(s, GROUP_LADDERS, "ladder's end: %s", l->failed ? "failed" : "good");
	for (int r = 0; r < RUNG_COUNT; r++)
		if (l->rungs[r].state != RUNG_UNSEEN)
			tell(s, GROUP_LADDERS, "  %s %s %u %s", rung_text((enum rung_name)r),
			     rung_state_text(l->rungs[r].state), l->rungs[r].tries,
			     l->rungs[r].detail);
}

/* Some name an address. */
static const char *answerer(const struct finding *f, char text[static ADDR_TEXT])
{
	struct addr a;

	return addr_parse(span_text(f->answered_by), &a) ? address(&a, text) : f->answered_by;
}

static void tell_finding(struct story *s, const struct finding *f)
{
	char client[ADDR_TEXT] = "-", server[ENDPOINT_TEXT] = "-", via[ENDPOINT_TEXT] = "-",
	     by[ADDR_TEXT];
	const struct finding_row *row = finding_row(f->kind);

	if (f->has_client)
		address(&f->client, client);
	if (f->has_server)
		end(&f->server, server);
	if (f->has_via)
		end(&f->via, via);
	tell(s, GROUP_FINDINGS,
	     "finding %s %s %s, %s > %s via %s, %" PRIu64 " times, codes %s, by %s", row->kind,
	     severity_name(f->severity), confidence_name(f->confidence), client, server, via,
	     f->count, *f->codes ? f->codes : row->codes, answerer(f, by));
}

static int by_group(const void *a, const void *b)
{
	const struct story_line *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->group == GROUP_FINDINGS)
		return strcmp(x->text, y->text);
	return x->number < y->number ? -1 : 1;
}

static struct engine *begin(struct story *s)
{
	struct engine *e;

	*s = (struct story){ 0 };
	e = engine_new(&(struct engine_options){ .listener = { s, take_fact } });
	assert_non_null(e);
	return e;
}

static void finish(struct story *s, struct engine *e)
{
	struct report r = { 0 };

	engine_end(e);
	engine_report(e, &r);
	for (size_t i = 0; i < ladders_count(r.ladders); i++)
		tell_ladder(s, ladders_at(r.ladders, i));
	for (size_t i = 0; i < findings_count(r.findings); i++)
		tell_finding(s, findings_at(r.findings, i));
	engine_free(e);
	if (s->count)
		qsort(s->lines, s->count, sizeof *s->lines, by_group);
}

void story_of_reel(struct story *s, const struct reel *t)
{
	struct engine *e = begin(s);

	for (size_t i = 0; i < t->count; i++)
		engine_frame(e, &t->all[i].frame);
	finish(s, e);
}

void story_of_file(struct story *s, struct span file)
{
	struct fault f = { 0 };
	struct source *source = source_open_memory("rewritten", file, NULL, &f);
	struct engine *e = begin(s);
	struct frame frame;

	assert_non_null(source);
	while (source_next(source, &frame, &f) == SOURCE_FRAME)
		engine_frame(e, &frame);
	assert_int_equal(f.kind, FAULT_NONE);
	finish(s, e);
	source_close(source);
}

void story_release(struct story *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->lines[i].text);
	free(s->lines);
}

static bool begins(const char *line, struct span words)
{
	return span_starts(span_text(line), words);
}

bool story_has(const struct story *s, const char *words)
{
	for (size_t i = 0; i < s->count; i++)
		if (begins(s->lines[i].text, span_text(words)))
			return true;
	return false;
}

static bool counts(const char *line, const char *but)
{
	struct span all = span_text(but), words;

	while ((words = span_split(&all, ',')).len)
		if (begins(line, words))
			return false;
	return true;
}

/* A line from *i on that counts, or the end. */
static const char *next_line(const struct story *s, size_t *i, const char *but)
{
	while (*i < s->count && !counts(s->lines[*i].text, but))
		++*i;
	return *i < s->count ? s->lines[(*i)++].text : NULL;
}

size_t story_differences(const struct story *was, const struct story *is, const char *but)
{
	enum { SHOWN = 12 };
	size_t i = 0, j = 0, count = 0;

	for (;;) {
		const char *a = next_line(was, &i, but), *b = next_line(is, &j, but);

		if (!a && !b)
			return count;
		if (a && b && !strcmp(a, b))
			continue;
		if (count++ < SHOWN)
			print_message("      - %s\n      + %s\n", a ? a : "", b ? b : "");
	}
}
