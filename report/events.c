/* report/events.c - facts and findings as event lines. */
#include "report/events.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "base/tongue.h"
#include "report/community.h"
#include "report/event_check.h"
#include "report/event_http.h"
#include "report/event_lookup.h"
#include "report/event_soap.h"
#include "report/event_tls.h"
#include "report/json_finding.h"
#include "report/json_util.h"

struct events {
	FILE *out;
	struct report_style style;
};

struct events *events_new(FILE *out, const struct report_style *style)
{
	struct events *e = malloc(sizeof *e);

	if (e)
		*e = (struct events){ out, *style };
	return e;
}

void events_free(struct events *e)
{
	free(e);
}

/* ---- what every line has ---- */

static struct json_object *line_of(int64_t time, const char *kind, const char *dataset)
{
	struct json_object *line = json_object_new_object(), *event;

	json_put_time(line, "@timestamp", time);
	json_put_text(json_put_object(line, "ecs"), "version", "8.11");
	event = json_put_object(line, "event");
	json_put_text(event, "kind", kind);
	json_put_text(event, "dataset", dataset);
	return line;
}

static struct json_object *put_endpoint(struct json_object *line, const char *key, const struct endpoint *e)
{
	struct json_object *o = json_put_object(line, key);
	char ip[ADDR_TEXT];

	json_put_text(o, "ip", addr_text(&e->addr, ip));
	json_put_count(o, "port", e->port);
	return o;
}

static void put_network(struct json_object *line, const struct connection *c)
{
	struct json_object *network;
	char text[COMMUNITY_TEXT], id[24];

	snprintf(id, sizeof id, "%llu", (unsigned long long)c->id);
	json_put_text(json_put_object(line, "flow"), "id", id);
	network = json_put_object(line, "network");
	json_put_text(network, "community_id", community_tcp(&c->client, &c->server, text));
	json_put_text(network, "transport", "tcp");
}

static void write_line(struct events *e, struct json_object *line)
{
	json_write(e->out, line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	fputc('\n', e->out);
}

/* ---- connections ---- */

static void put_connection(struct json_object *to, const struct connection *c)
{
	struct json_object *o = json_put_object(json_put_object(to, "wsuscope"), "connection"), *frames;

	json_put_text(o, "outcome", connection_outcome_name(c->outcome));
	json_put_count(o, "syn_count", c->syn_count);
	json_put_count(o, "retransmissions",
	               (uint64_t)c->side[CLIENT].retransmissions + c->side[SERVER].retransmissions);
	json_put_count(o, "lost_bytes", c->side[CLIENT].lost_bytes + c->side[SERVER].lost_bytes);
	json_put_text(o, "closed", connection_closed_name(c->closed));
	if (c->rtt >= 0)
		json_put_ms(o, "rtt_ms", c->rtt);
	else
		json_put_null(o, "rtt_ms");
	frames = json_put_array(o, "frames");
	json_object_array_add(frames, json_object_new_uint64(c->first_frame));
	json_object_array_add(frames, json_object_new_uint64(c->last_frame));
}

static void write_connection(struct events *e, const struct fact *f)
{
	const struct connection *c = f->connection;
	struct json_object *line = line_of(f->time, "event", "wsuscope.connection");

	put_network(line, c);
	json_put_count(put_endpoint(line, "client", &c->client), "bytes", c->side[CLIENT].bytes);
	json_put_count(put_endpoint(line, "server", &c->server), "bytes", c->side[SERVER].bytes);
	put_connection(line, c);
	write_line(e, line);
}

/* ---- what happens on them ---- */

static struct json_object *line_on(const struct fact *f, const struct connection *c, const char *dataset)
{
	struct json_object *line = line_of(f->time, "event", dataset);

	put_network(line, c);
	put_endpoint(line, "client", &c->client);
	put_endpoint(line, "server", &c->server);
	return line;
}

/* An interim answer is an answer without a request of its own: the final one has that. */
static void write_interim(struct events *e, const struct exchange *x, const struct interim *i)
{
	struct exchange own = {
		.conn = x->conn,
		.response = { .present = true, .first_frame = i->frame, .first_time = i->time },
		.status = i->status,
		.end = EXCHANGE_COMPLETE,
		.ttfb = -1,
	};
	const struct fact f = { .kind = FACT_EXCHANGE, .time = i->time, .frame = i->frame, .exchange = &own };
	struct json_object *line = line_on(&f, x->conn, "wsuscope.exchange");

	event_http(line, &own, e->style.reveal);
	write_line(e, line);
}

static void write_exchange(struct events *e, const struct fact *f)
{
	const struct exchange *x = f->exchange;
	struct json_object *line;

	for (unsigned i = 0; i < x->interim_count && i < INTERIMS_KEPT; i++)
		write_interim(e, x, &x->interims[i]);
	line = line_on(f, x->conn, "wsuscope.exchange");
	event_http(line, x, e->style.reveal);
	write_line(e, line);
	if (!event_soap_is_due(x))
		return;
	line = line_on(f, x->conn, "wsuscope.soap");
	event_soap(line, x, e->style.reveal);
	write_line(e, line);
}

static void write_tls(struct events *e, const struct fact *f)
{
	struct json_object *line = line_on(f, f->tls->conn, "wsuscope.tls");

	event_tls(line, f->tls, e->style.reveal);
	write_line(e, line);
}

static void write_icmp(struct events *e, const struct fact *f)
{
	const struct icmp_error *i = f->icmp;
	struct json_object *line = line_of(f->time, "event", "wsuscope.icmp"), *o, *about;
	char from[ADDR_TEXT];

	if (i->conn)
		put_network(line, i->conn);
	o = json_put_object(json_put_object(line, "wsuscope"), "icmp");
	json_put_count(o, "type", i->type);
	json_put_count(o, "code", i->code);
	json_put_text(o, "text", icmp_text(i->v6, i->type, i->code));
	json_put_text(o, "from", addr_text(&i->from, from));
	json_put_count(o, "frame", i->frame);
	about = json_put_object(o, "about");
	put_endpoint(about, "source", &i->source);
	put_endpoint(about, "destination", &i->target);
	write_line(e, line);
}

static void put_ip(struct json_object *line, const char *key, const struct addr *addr)
{
	char ip[ADDR_TEXT];

	json_put_text(json_put_object(line, key), "ip", addr_text(addr, ip));
}

static void write_lookup(struct events *e, const struct fact *f)
{
	struct json_object *line = line_of(f->time, "event", "wsuscope.lookup");

	json_put_text(json_put_object(line, "network"), "transport", f->lookup->over_tcp ? "tcp" : "udp");
	put_ip(line, "client", &f->lookup->client);
	put_endpoint(line, "server", &f->lookup->server);
	event_lookup(line, f->lookup);
	write_line(e, line);
}

void events_fact(struct events *e, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_CONNECTION:
		write_connection(e, fact);
		break;
	case FACT_EXCHANGE:
		write_exchange(e, fact);
		break;
	case FACT_TLS:
		write_tls(e, fact);
		break;
	case FACT_ICMP:
		write_icmp(e, fact);
		break;
	case FACT_LOOKUP:
		write_lookup(e, fact);
		break;
	case FACT_LEASE:
		break;
	}
}

/* ---- findings ---- */

static struct json_object *line_of_finding(int64_t time, const struct finding *n, struct json_object **event)
{
	struct json_object *line = json_object_new_object(), *rule;

	json_put_time(line, "@timestamp", time);
	json_put_text(json_put_object(line, "ecs"), "version", "8.11");
	*event = json_put_object(line, "event");
	json_put_text(*event, "kind", "alert");
	json_put_text(*event, "dataset", "wsuscope.finding");
	json_put_count(*event, "severity", (uint64_t)n->severity + 1);
	rule = json_put_object(line, "rule");
	json_put_text(rule, "id", finding_row(n->kind)->kind);
	json_put_text(rule, "name", _(finding_row(n->kind)->title));
	if (n->has_client)
		put_endpoint(line, "client", &(struct endpoint){ n->client, 0 });
	if (n->has_server)
		put_endpoint(line, "server", &n->server);
	return line;
}

void events_finding(struct events *e, const struct finding *n)
{
	struct json_object *event, *line = line_of_finding(n->first, n, &event);

	json_put(json_put_object(line, "wsuscope"), "finding", json_finding(n, &e->style));
	write_line(e, line);
}

void events_story(struct events *e, const struct finding *n, const struct event_story *story)
{
	struct json_object *event, *line = line_of_finding(story->when, n, &event), *own, *more;
	int64_t took = story->until != MOMENT_NONE ? story->until - story->since : 0;

	json_put_text(event, "action", story->action);
	json_put_time(event, "start", story->since);
	if (story->until != MOMENT_NONE) {
		json_put_time(event, "end", story->until);
		json_put_count(event, "duration", took > 0 ? (uint64_t)took : 0);
	}
	own = json_put_object(line, "wsuscope");
	json_put(own, "finding", json_finding(n, &e->style));
	json_put_count(json_put_object(own, "episode"), "count", story->count);
	if (story->is_sum) {
		more = json_put_object(own, "more");
		json_put_count(more, "raised", story->raised);
		json_put_count(more, "clients", story->clients);
		json_put_count(more, "over", story->over);
	}
	write_line(e, line);
}

/* ---- checks ---- */

void events_check(struct events *e, const struct report_check *c)
{
	struct json_object *line = line_of(c->time, "event", "wsuscope.check");

	event_check(line, c);
	write_line(e, line);
}
