/* analyzers/twinids.c - one SusClientId of several machines: images that were cloned with it.
 *
 * A machine is known by the name it states (GetAuthorizationCookie's dnsName, its first label): its address
 * may change, and a proxy's or a router's stands for many.  A name that follows another at the same address
 * is one machine that was renamed, unless the first comes back.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/kept.h"
#include "base/hash.h"
#include "base/tongue.h"

enum { IDS_MAX = 200000, MACHINES = 8, NAME_TEXT = 64, SHOWN = 3, ID_TEXT = 40 };

struct machine {
	char name[NAME_TEXT];
	struct addr addr;
	uint64_t frame;
};

struct twins {                          /* a client id with more than one name */
	struct machine machines[MACHINES];
	unsigned count;
	unsigned newest;                /* which of them came last */
	bool more, back;                /* one came again after another did */
	bool elsewhere;                 /* another name, another address */
	uint64_t calls;
	struct connection conn;         /* id, client and server of the first */
	bool via_proxy;
	int64_t first, last;
};

struct id {                             /* of each client id: what most ever need */
	struct machine machine;
	struct twins *twins;            /* NULL: one name so far */
};

struct twinids {
	struct analyzer_env env;
	struct map ids;                 /* client id, in lower case -> struct id */
};

static void *create(const struct analyzer_env *env)
{
	struct twinids *t = calloc(1, sizeof *t);

	if (t) {
		t->env = *env;
		map_init_on(&t->ids, IDS_MAX, env->budget);
	}
	return t;
}

static void destroy(void *self)
{
	struct twinids *t = self;

	for (size_t i = 0; i < t->ids.count; i++) {
		struct id *id = t->ids.entries[i].value;

		if (id)
			free(id->twins);
	}
	map_release_values(&t->ids);
	free(t);
}

static struct span lower(struct span text, char buffer[static ID_TEXT])
{
	web_printable(text, buffer, ID_TEXT);
	for (char *p = buffer; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
	return span_text(buffer);
}

static struct machine machine_of(const struct exchange *x, struct span name)
{
	struct machine m = { .addr = x->conn->client.addr, .frame = x->request.first_frame };

	web_printable(name, m.name, sizeof m.name);
	return m;
}

static struct span first_label(const char *name)
{
	struct span text = span_text(name);

	return span_split(&text, '.');
}

static bool is_same(const struct machine *a, const struct machine *b)
{
	return span_ieq(first_label(a->name), first_label(b->name));
}

static void note_twin(struct twins *w, const struct machine *m)
{
	unsigned i = 0;

	while (i < w->count && !is_same(&w->machines[i], m))
		i++;
	if (i == w->count && i == MACHINES) {
		w->more = true;
		return;
	}
	if (i == w->count) {
		w->elsewhere |= !addr_eq(&w->machines[w->newest].addr, &m->addr);
		w->machines[w->count++] = *m;
	} else {
		w->back |= i != w->newest;
	}
	w->newest = i;
}

static void take(struct twinids *t, struct id *id, const struct exchange *x, const struct machine *m)
{
	if (!id->machine.name[0])
		id->machine = *m;
	if (!id->twins && is_same(&id->machine, m)) {
		id->machine.addr = m->addr;
		return;
	}
	if (!id->twins) {
		id->twins = calloc(1, sizeof *id->twins);
		if (!id->twins) {
			limit_add(t->env.limits, LIMIT_MEMORY, 1);
			return;
		}
		id->twins->machines[id->twins->count++] = id->machine;
		id->twins->conn.id = x->conn->id;
		id->twins->conn.client = x->conn->client;
		id->twins->conn.server = x->conn->server;
		id->twins->via_proxy = x->via_proxy;
		id->twins->first = call_time(x);
	}
	note_twin(id->twins, m);
	id->twins->calls++;
	id->twins->last = call_time(x);
}

static void fact(void *self, const struct fact *f)
{
	struct twinids *t = self;
	const struct exchange *x = f->exchange;
	struct span text, name;
	char buffer[ID_TEXT];
	struct machine m;
	struct id *id;

	if (f->kind != FACT_EXCHANGE || call_method(&t->env, x) != METHOD_GET_AUTHORIZATION_COOKIE)
		return;
	text = wsus_text(call_values(x), FIELD_CLIENT_ID);
	name = wsus_text(call_values(x), FIELD_CLIENT_NAME);
	if (!text.len || !name.len)
		return;
	id = kept_value(&t->ids, lower(text, buffer), sizeof *id, t->env.limits);
	m = machine_of(x, name);
	if (id)
		take(t, id, x, &m);
}

/* ---- verdicts ---- */

static void name_machines(const struct twins *w, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < w->count && i < SHOWN && len < size; i++) {
		char addr[ADDR_TEXT];

		len += (size_t)snprintf(text + len, size - len, "%s%s (%s)", i ? ", " : "",
		                        w->machines[i].name, addr_text(&w->machines[i].addr, addr));
	}
	if (len < size && w->count > SHOWN)
		tongue_say(text + len, size - len, w->more ? N_(" and at least %u more") : N_(" and %u more"),
			   w->count - SHOWN);
}

static void judge(struct twinids *t, struct span id, const struct twins *w)
{
	struct evidence evidence[FINDING_EVIDENCE];
	char cause[CAUSE_TEXT], machines[300];
	unsigned count = w->count < FINDING_EVIDENCE ? w->count : FINDING_EVIDENCE;

	/* Renamed once, or renamed and moved: only a name that comes back is surely another's. */
	if (!w->back && !w->elsewhere)
		return;
	name_machines(w, machines, sizeof machines);
	tongue_say(cause, sizeof cause,
		   w->more ? N_("The SusClientId %.*s is that of more than %u machines: %s.")
			   : N_("The SusClientId %.*s is that of %u machines: %s."),
		   (int)id.len, (const char *)id.at, w->count, machines);
	for (unsigned i = 0; i < count; i++)
		evidence[i] = evidence_at(w->machines[i].frame, "GetAuthorizationCookie of %s with this id",
		                          w->machines[i].name);
	finding_raise(t->env.findings, &(struct raise){
		.kind = FINDING_DUPLICATE_CLIENT_ID,
		.severity = SEVERITY_OF_KIND,
		.confidence = w->back || w->count > 2 ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE,
		.conn = &w->conn,
		.via = w->via_proxy ? &w->conn.server : NULL,
		.for_all_clients = true,
		.cause = cause,
		.time = w->first,
		.until = w->last,
		.count = w->calls,
		.evidence = evidence,
		.evidence_count = count,
	});
}

static void end(void *self, int64_t now)
{
	struct twinids *t = self;

	(void)now;
	for (size_t i = 0; i < t->ids.count; i++) {
		const struct map_entry *e = &t->ids.entries[i];
		const struct id *id = e->value;

		if (id && id->twins)
			judge(t, e->key, id->twins);
	}
}

const struct analyzer analyzer_twinids = {
	.name = "twinids",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
