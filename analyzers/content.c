/* analyzers/content.c - update files, from the announcement to the last byte.
 *
 * Metadata says what a file is called and how large it is; its address is its SHA-1.  So each answer can be
 * held against what was promised, and each finding says which update it keeps back.
 */
#include "analyzers/content.h"

#include <stdlib.h>

#define PATIENCE (30 * MOMENT_S)
#define ROUND    (5 * MOMENT_S)

struct content {
	struct analyzer_env env;
	struct absences absences;
	struct downloads downloads;
	struct redirects redirects;
	int64_t looked;
};

static void *create(const struct analyzer_env *env)
{
	struct content *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->env = *env;
	c->looked = MOMENT_NONE;
	absences_init(&c->absences, &c->env);
	downloads_init(&c->downloads, &c->env);
	redirects_init(&c->redirects, &c->env);
	return c;
}

static void destroy(void *self)
{
	struct content *c = self;

	redirects_release(&c->redirects);
	downloads_release(&c->downloads);
	absences_release(&c->absences);
	free(c);
}

struct content_key content_key_of(const struct exchange *x, struct span more)
{
	struct server_key server = web_server_key(x);
	struct content_key k = { .len = 16 + server.len + more.len };

	memcpy(k.bytes, x->conn->client.addr.bytes, 16);
	memcpy(k.bytes + 16, server.bytes, server.len);
	if (more.len)
		memcpy(k.bytes + 16 + server.len, more.at, more.len);
	return k;
}

static void take_exchange(struct content *c, const struct exchange *x)
{
	if (!x->status || !x->request.present || !relevance_exchange(c->env.relevance, x))
		return;
	if (!span_eq(x->method, SPAN("GET")) && !span_eq(x->method, SPAN("HEAD")))
		return;
	absences_exchange(&c->absences, x);
	downloads_exchange(&c->downloads, x);
	redirects_exchange(&c->redirects, x);
}

static void look(struct content *c, int64_t now)
{
	if (c->looked != MOMENT_NONE && now >= c->looked && now - c->looked < ROUND)
		return;
	c->looked = now;
	absences_look(&c->absences, now - PATIENCE);
	redirects_look(&c->redirects, now);
}

static void fact(void *self, const struct fact *what)
{
	struct content *c = self;

	look(c, what->time);
	if (what->kind == FACT_EXCHANGE)
		take_exchange(c, what->exchange);
	else if (what->kind == FACT_TLS)
		redirects_tls(&c->redirects, what->tls);
	else if (what->kind == FACT_CONNECTION)
		redirects_connection(&c->redirects, what->connection);
}

static void end(void *self, int64_t now)
{
	struct content *c = self;

	absences_look(&c->absences, INT64_MAX);
	redirects_end(&c->redirects, now);
}

const struct analyzer analyzer_content = {
	.name = "content",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
