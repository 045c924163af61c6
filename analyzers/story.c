/* analyzers/story.c - occurrences of one trouble, by client. */
#include "analyzers/story.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/tongue.h"

enum { SHOWN_CLIENTS = 3 };

static struct story_client *find(struct story *s, const struct addr *client)
{
	for (unsigned i = 0; i < s->client_count; i++)
		if (addr_eq(&s->clients[i].addr, client))
			return &s->clients[i];
	return NULL;
}

static struct story_client *find_or_make(struct story *s, const struct addr *client)
{
	struct story_client *c = find(s, client);

	if (c)
		return c;
	if (s->client_count == STORY_CLIENTS) {
		s->more_clients = true;
		return NULL;
	}
	c = &s->clients[s->client_count++];
	c->addr = *client;
	return c;
}

struct story_client *story_add(struct story *s, const struct exchange *x, int64_t time)
{
	struct story_client *c;

	if (!s->count) {
		s->conn.id = x->conn->id;
		s->conn.client = x->conn->client;
		s->conn.server = x->conn->server;
		s->via_proxy = x->via_proxy;
		s->first = s->last = time;
	}
	s->count++;
	s->first = time < s->first ? time : s->first;
	s->last = time > s->last ? time : s->last;
	c = find_or_make(s, &x->conn->client.addr);
	if (!c)
		return NULL;
	c->over = false;
	c->last = time;
	c->row++;
	c->longest = c->row > c->longest ? c->row : c->longest;
	return c;
}

void story_show(struct story *s, uint64_t frame, const char *format, ...)
{
	struct evidence e = { .frame = frame };
	va_list args;

	va_start(args, format);
	tongue_vsay(e.text, sizeof e.text, format, args);
	va_end(args);
	evidence_keep(s->evidence, &s->evidence_count, &e);
}

void story_over(struct story *s, const struct addr *client, int64_t time)
{
	struct story_client *c = find(s, client);

	if (!c || time < c->last)
		return;
	c->over = true;
	c->row = 0;
}

bool story_all_over(const struct story *s)
{
	bool over = !s->more_clients;

	for (unsigned i = 0; i < s->client_count; i++)
		over = over && s->clients[i].over;
	return over;
}

uint32_t story_longest(const struct story *s)
{
	uint32_t longest = 0;

	for (unsigned i = 0; i < s->client_count; i++)
		if (s->clients[i].longest > longest)
			longest = s->clients[i].longest;
	return longest;
}

const char *story_who(const struct story *s, char text[static STORY_WHO_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < s->client_count && i < SHOWN_CLIENTS; i++) {
		char addr[ADDR_TEXT];

		len += (size_t)snprintf(text + len, STORY_WHO_TEXT - len, "%s%s", i ? ", " : "",
		                        addr_text(&s->clients[i].addr, addr));
	}
	if (s->more_clients)
		tongue_say(text + len, STORY_WHO_TEXT - len, " and more than %d more",
		         STORY_CLIENTS - SHOWN_CLIENTS);
	else if (s->client_count > SHOWN_CLIENTS)
		tongue_say(text + len, STORY_WHO_TEXT - len, " and %u more", s->client_count - SHOWN_CLIENTS);
	return text;
}

void story_raise(const struct story *s, struct findings *findings, struct raise what)
{
	what.conn = &s->conn;
	what.via = s->via_proxy ? &s->conn.server : NULL;
	what.for_all_clients = s->client_count > 1 || s->more_clients;
	what.time = s->first;
	what.until = s->last;
	what.count = s->count;
	what.evidence = s->evidence;
	what.evidence_count = s->evidence_count;
	finding_raise(findings, &what);
}
