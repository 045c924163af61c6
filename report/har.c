/* report/har.c - the document: entries as they come, pages behind them. */
#include "report/har.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdlib.h>

#include "base/map.h"
#include "facts/soap.h"
#include "report/har_parts.h"
#include "report/json_util.h"

/* Beyond so many clients entries are of no page; beyond so many names lookups are not remembered. */
enum { PAGES_MAX = 65536, LOOKUPS_MAX = 65536, KEY_MAX = 16 + LOOKUP_NAME, PAGE_TEXT = 32 };

/* A lookup that is older had nothing to do with a connection. */
static const int64_t LOOKUP_AGE = 10 * MOMENT_S;

static const int64_t NEVER = MOMENT_NONE;

struct page {
	struct addr client;
	int64_t first;
	size_t number;                  /* from 1 */
};

struct asked {                          /* the last lookup of a client for a name */
	int64_t asked, answered;        /* NEVER: none, or a connection has had it */
};

struct har {
	FILE *out;
	bool reveal;
	bool follows;                   /* an entry stands before */
	uint64_t headless;              /* answers whose requests were not seen */
	struct map pages, lookups;
};

struct har *har_new(FILE *out, const struct report_style *style, const char *version)
{
	struct har *h = malloc(sizeof *h);

	if (!h)
		return NULL;
	*h = (struct har){ .out = out, .reveal = style->reveal };
	map_init(&h->pages, PAGES_MAX);
	map_init(&h->lookups, LOOKUPS_MAX);
	fprintf(out,
	        "{\"log\": {\"version\": \"1.2\", \"creator\": {\"name\": \"wsuscope\", \"version\": "
	        "\"%s\"},\n\"entries\": [",
	        version);
	return h;
}

void har_free(struct har *h)
{
	if (!h)
		return;
	map_release_values(&h->pages);
	map_release_values(&h->lookups);
	free(h);
}

static void write_value(struct har *h, struct json_object *value)
{
	json_write(h->out, value, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);
}

/* ---- lookups ---- */

static struct span key_of(uint8_t key[static KEY_MAX], const struct addr *client, struct span name)
{
	struct span short_name = span_take(&name, LOOKUP_NAME);

	memcpy(key, client->bytes, 16);
	for (size_t i = 0; i < short_name.len; i++) {
		uint8_t c = short_name.at[i];

		key[16 + i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
	}
	return span_of(key, 16 + short_name.len);
}

static void take_lookup(struct har *h, const struct lookup *l)
{
	uint8_t key[KEY_MAX];
	struct asked *a;

	if (!l->answered || l->ask_time == MOMENT_NONE || l->answer_time < l->ask_time)
		return;
	a = map_value(&h->lookups, key_of(key, &l->client, span_text(l->name)), sizeof *a);
	if (a)
		*a = (struct asked){ l->ask_time, l->answer_time };
}

/* The lookup that its connection waited for; each is one connection's. */
static struct asked lookup_of(struct har *h, const struct exchange *x)
{
	struct asked none = { NEVER, NEVER }, found, *a;
	struct span left = x->host, name = span_split(&left, ':');
	int64_t began = x->conn->syn_time;
	uint8_t key[KEY_MAX];
	struct map_entry *e;

	if (x->number || x->via_proxy || began == MOMENT_NONE)
		return none;
	e = map_find(&h->lookups, key_of(key, &x->conn->client.addr, name));
	a = e ? e->value : NULL;
	if (!a || a->answered == NEVER || a->answered > began || began - a->answered > LOOKUP_AGE)
		return none;
	found = *a;
	*a = none;
	return found;
}

/* ---- entries ---- */

static size_t page_of(struct har *h, const struct addr *client, int64_t first)
{
	struct page *p = map_value(&h->pages, span_of(client->bytes, 16), sizeof *p);

	if (!p)
		return 0;
	if (!p->number)
		*p = (struct page){ *client, first, h->pages.count };
	if (first < p->first)
		p->first = first;
	return p->number;
}

/* To microseconds: what is finer, some readers refuse. */
static void put_started(struct json_object *to, int64_t ns)
{
	enum { MICROSECONDS = 26 };
	char text[MOMENT_TEXT];

	moment_text(ns, text);
	snprintf(text + MICROSECONDS, sizeof text - MICROSECONDS, "Z");
	json_put_text(to, "startedDateTime", text);
}

static void put_page_name(struct json_object *to, const char *key, size_t number)
{
	char text[PAGE_TEXT];

	snprintf(text, sizeof text, "client_%zu", number);
	json_put_text(to, key, text);
}

static void put_frames(struct json_object *to, const struct http_message *m)
{
	if (!m->present)
		return;
	json_object_array_add(to, json_object_new_uint64(m->first_frame));
	if (m->last_frame > m->first_frame)
		json_object_array_add(to, json_object_new_uint64(m->last_frame));
}

static void put_own(struct json_object *entry, const struct exchange *x, bool reveal)
{
	char text[ENDPOINT_TEXT];
	struct json_object *frames;

	json_put_text(entry, "_client", endpoint_text(&x->conn->client, text));
	json_put_text(entry, "_server", endpoint_text(&x->conn->server, text));
	frames = json_put_array(entry, "_frames");
	put_frames(frames, &x->request);
	put_frames(frames, &x->response);
	json_put_text(entry, "_end", exchange_end_text(x->end));
	if (x->answered_by.product)
		json_put_text(entry, "_answeredBy", x->answered_by.product);
	if (x->tunnel)
		json_put_url(entry, "_tunnel", x->tunnel->target, reveal);
	if (x->soap)
		json_put_present(entry, "_call", x->soap->name);
}

static void write_entry(struct har *h, const struct exchange *x)
{
	struct asked asked = lookup_of(h, x);
	struct har_times times = har_times_of(x, asked.asked, asked.answered);
	struct json_object *entry = json_object_new_object();
	size_t page = page_of(h, &x->conn->client.addr, times.start);
	char text[ADDR_TEXT];

	if (page)
		put_page_name(entry, "pageref", page);
	put_started(entry, times.start);
	har_put_times(entry, &times);
	har_put_request(entry, x, h->reveal);
	har_put_response(entry, x, h->reveal);
	json_put_object(entry, "cache");
	json_put_text(entry, "serverIPAddress", addr_text(&x->conn->server.addr, text));
	snprintf(text, sizeof text, "%" PRIu64, x->conn->id);
	json_put_text(entry, "connection", text);
	put_own(entry, x, h->reveal);
	fputs(h->follows ? ",\n" : "\n", h->out);
	h->follows = true;
	write_value(h, entry);
}

void har_fact(struct har *h, const struct fact *fact)
{
	if (fact->kind == FACT_LOOKUP)
		take_lookup(h, fact->lookup);
	if (fact->kind != FACT_EXCHANGE)
		return;
	/* An entry without a URL opens nowhere. */
	if (fact->exchange->request.present && fact->exchange->method.len)
		write_entry(h, fact->exchange);
	else
		h->headless++;
}

/* ---- the end ---- */

static void write_page(struct har *h, const struct page *p)
{
	struct json_object *o = json_object_new_object();
	char client[ADDR_TEXT];

	put_started(o, p->first);
	put_page_name(o, "id", p->number);
	json_put_text(o, "title", addr_text(&p->client, client));
	json_put_object(o, "pageTimings");
	write_value(h, o);
}

void har_end(struct har *h)
{
	fputs("\n],\n\"pages\": [", h->out);
	for (size_t i = 0; i < h->pages.count; i++) {
		fputs(i ? ",\n" : "\n", h->out);
		write_page(h, h->pages.entries[i].value);
	}
	fputs("\n]", h->out);
	if (h->headless)
		fprintf(h->out,
		        ",\n\"comment\": \"%" PRIu64 " answers are left out: their requests were not seen\"",
		        h->headless);
	fputs("}}\n", h->out);
}
