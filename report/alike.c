/* report/alike.c - which findings tell the same, and of whom. */
#include "report/alike.h"

#include <stdio.h>
#include <string.h>

#include "base/tongue.h"
#include "report/page.h"

enum { PARTIES_SHOWN = 4 };

static bool is_of_clients(const struct finding *n)
{
	return n->has_client || n->clients;
}

/* What several clients suffer alike is told once. */
static bool same_story(const struct finding *a, const struct finding *b)
{
	return a->kind == b->kind && a->severity == b->severity && is_of_clients(a) == is_of_clients(b) &&
	       a->has_server == b->has_server && (!a->has_server || endpoint_eq(&a->server, &b->server)) &&
	       a->has_via == b->has_via && (!a->has_via || endpoint_eq(&a->via, &b->via)) &&
	       span_eq(span_text(a->cause), span_text(b->cause));
}

/* Moves past the server's endpoint or address, where a text names it. */
static bool skip_server(struct span *text, const struct endpoint *server)
{
	char name[ENDPOINT_TEXT];
	struct span names[] = { span_text(endpoint_text(server, name)), { 0 } };
	char bare[ADDR_TEXT];

	names[1] = span_text(addr_text(&server->addr, bare));
	for (size_t i = 0; i < 2; i++)
		if (span_starts(*text, names[i])) {
			*text = span_skip(*text, names[i].len);
			return true;
		}
	return false;
}

/* Whether causes differ by no more than the servers that they name. */
static bool same_cause(const struct finding *a, const struct finding *b)
{
	struct span one = span_text(a->cause), other = span_text(b->cause);

	while (one.len && other.len) {
		bool named = skip_server(&one, &a->server);

		if (named != skip_server(&other, &b->server))
			return false;
		if (!named && (span_take(&one, 1).at[0] != span_take(&other, 1).at[0]))
			return false;
	}
	return !one.len && !other.len;
}

/* A probe asks many servers, and of each it would tell the same. */
static bool same_elsewhere(const struct finding *a, const struct finding *b)
{
	return a->kind == b->kind && a->severity == b->severity && a->confidence == b->confidence &&
	       a->has_client && b->has_client && addr_eq(&a->client, &b->client) &&
	       !a->has_via && !b->has_via && a->has_server && b->has_server &&
	       !strcmp(a->answered_by, b->answered_by) &&
	       !strcmp(a->codes, b->codes) && same_cause(a, b);
}

/* The first few by their names, the others by their number. */
static void add_party(char text[static ALIKE_TEXT], const char *party, uint64_t number)
{
	size_t len = strlen(text);

	if (number <= PARTIES_SHOWN)
		snprintf(text + len, ALIKE_TEXT - len, "%s%s", number > 1 ? ", " : "", party);
}

static void count_parties(char text[static ALIKE_TEXT], uint64_t count, bool at_least)
{
	size_t len = strlen(text);
	char more[COUNT_TEXT];

	if (count > PARTIES_SHOWN)
		tongue_say(text + len, ALIKE_TEXT - len,
			   at_least ? N_(" and at least %s more") : N_(" and %s more"),
			   page_count(count - PARTIES_SHOWN, more));
}

/* "10.1.0.0, 10.1.0.1, 10.1.0.2, 10.1.0.3 and 9 996 more"; "9 010 clients" where none has a name. */
static void word_clients(struct alike *a)
{
	char number[COUNT_TEXT];

	if (a->named || !a->clients)
		count_parties(a->who, a->clients, a->more_clients);
	else
		tongue_say(a->who, ALIKE_TEXT,
			   a->more_clients ? N_("at least %s clients")
					   : tongue_many("%s client", "%s clients", a->clients),
			   page_count(a->clients, number));
}

static void add_clients(struct alike *a, const struct finding *n)
{
	char party[ADDR_TEXT];

	/* A sum stands behind the first that have names, and before the others. */
	if (n->has_client && a->named < PARTIES_SHOWN)
		add_party(a->who, addr_text(&n->client, party), ++a->named);
	a->clients += n->has_client + n->clients;
	a->more_clients |= n->more_clients;
}

void alike_read(struct alike *a, const struct findings *f, size_t i, bool elsewhere, bool *told)
{
	char party[ENDPOINT_TEXT];

	*a = (struct alike){ .head = findings_at(f, i) };
	for (size_t j = i; j < findings_count(f); j++) {
		const struct finding *n = findings_at(f, j);
		bool same = same_story(a->head, n);

		if (told[j] || !(same || (elsewhere && same_elsewhere(a->head, n))))
			continue;
		told[j] = true;
		a->count += n->count;
		if (same)
			add_clients(a, n);
		if (n->has_server && (!same || j == i))
			add_party(a->where, endpoint_text(&n->server, party), ++a->servers);
	}
	word_clients(a);
	count_parties(a->where, a->servers, false);
}

void alike_parties(const struct alike *a, char text[static ALIKE_PARTIES])
{
	const struct finding *n = a->head;
	/* Behind a proxy the capture shows the proxy's address alone. */
	bool to_server = n->has_server && !(n->has_via && endpoint_eq(&n->server, &n->via));
	const char *where = to_server ? a->where : "";
	char via[ENDPOINT_TEXT];
	size_t len;

	text[0] = '\0';
	if (!n->has_server && !a->clients)
		return;
	len = tongue_say(text, ALIKE_PARTIES, a->clients && to_server ? N_("%s to %s") : "%s%s", a->who,
			 where);
	if (n->has_via)
		tongue_say(text + len, ALIKE_PARTIES - len,
			   len ? N_(" via the proxy %s") : N_("the proxy %s"),
			   endpoint_text(&n->via, via));
}
