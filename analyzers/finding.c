/* analyzers/finding.c - raising findings: one for each kind, client, server and cause. */
#include "analyzers/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/findings_store.h"
#include "base/tongue.h"
#include "facts/connection.h"

enum {
	FINDINGS_MAX = 20000,           /* kept apart in all */
	/* Of one kind; the rest is counted in sums.  A live view holds two kinds whole (live/view.h). */
	KEPT_A_KIND = 990,
};

struct findings *findings_new(struct limits *limits)
{
	struct findings *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->limits = limits;
	map_init(&f->by_key, FINDINGS_MAX);
	map_init(&f->by_parties, FINDINGS_MAX);
	rest_init(&f->rest);
	return f;
}

void findings_free(struct findings *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->count; i++)
		free(f->all[i]);
	free(f->all);
	map_release(&f->by_key);
	map_release(&f->by_parties);
	rest_release(&f->rest);
	free(f);
}

struct evidence evidence_at(uint64_t frame, const char *format, ...)
{
	struct evidence e = { .frame = frame };
	va_list args;

	va_start(args, format);
	tongue_vsay(e.text, sizeof e.text, format, args);
	va_end(args);
	return e;
}

void evidence_keep(struct evidence kept[static FINDING_EVIDENCE], unsigned *count, const struct evidence *e)
{
	enum { MIDDLE = FINDING_EVIDENCE / 2 };
	unsigned at;

	for (at = 0; at < *count; at++)         /* what several parts of a story rest upon stands once */
		if (kept[at].frame == e->frame && !strcmp(kept[at].text, e->text))
			return;
	if (*count == FINDING_EVIDENCE) {
		/* What comes between the first half and the last is itself the middle. */
		if (e->frame >= kept[MIDDLE - 1].frame && e->frame < kept[MIDDLE].frame)
			return;
		at = e->frame < kept[MIDDLE].frame ? MIDDLE - 1 : MIDDLE;
		memmove(&kept[at], &kept[at + 1], (FINDING_EVIDENCE - 1 - at) * sizeof *kept);
		--*count;
	}
	for (at = *count; at > 0 && kept[at - 1].frame > e->frame; at--)
		kept[at] = kept[at - 1];
	kept[at] = *e;
	++*count;
}

/* ---- raising ---- */

static void name_parties(struct finding *n, const struct raise *what)
{
	const struct connection *conn = what->conn;

	n->has_client = !what->for_all_clients && (what->client || conn);
	if (n->has_client)
		n->client = what->client ? *what->client : conn->client.addr;
	n->has_server = what->server || conn;
	if (n->has_server)
		n->server = what->server ? *what->server : conn->server;
	n->has_via = what->via != NULL;
	if (n->has_via)
		n->via = *what->via;
}

static struct finding finding_of(const struct raise *what)
{
	const struct finding_row *row = finding_row(what->kind);
	struct finding n = { .kind = what->kind,
		             .stops = what->stops,
		             .confidence = what->confidence,
		             .title = _(what->title ? what->title : row->title),
		             .remedy = _(what->remedy ? what->remedy : row->remedy),
		             .first = what->time,
		             .last = what->time };

	n.severity = what->severity == SEVERITY_OF_KIND ? row->severity : what->severity;
	name_parties(&n, what);
	tongue_say(n.answered_by, sizeof n.answered_by, "%s", what->answered_by ? what->answered_by : "");
	tongue_say(n.cause, sizeof n.cause, "%s", what->cause ? what->cause : _(row->cause));
	snprintf(n.codes, sizeof n.codes, "%s", what->codes ? what->codes : row->codes);
	return n;
}

/* Writes the identity of a finding; what is equal here is one finding with a count. */
static struct span key_of(const struct finding *n, char *key, size_t size)
{
	char client[ADDR_TEXT] = "", server[ENDPOINT_TEXT] = "", via[ENDPOINT_TEXT] = "";
	int len;

	if (n->has_client)
		addr_text(&n->client, client);
	if (n->has_server)
		endpoint_text(&n->server, server);
	if (n->has_via)
		endpoint_text(&n->via, via);
	len = snprintf(key, size, "%d %s %s %s %s", n->kind, client, server, via, n->cause);
	return span_of(key, (size_t)len < size ? (size_t)len : size - 1);
}

/* Kind, which parties there are, client, server: without padding. */
struct parties {
	uint8_t bytes[2 + 16 + sizeof(struct endpoint_key)];
};

static struct parties parties_of(enum finding_kind kind, const struct addr *client,
                                 const struct endpoint *server)
{
	struct parties p = { { (uint8_t)kind, (uint8_t)((client != NULL) | (server != NULL) << 1) } };

	if (client)
		memcpy(p.bytes + 2, client->bytes, 16);
	if (server) {
		struct endpoint_key k = endpoint_key(server);

		memcpy(p.bytes + 18, k.bytes, sizeof k.bytes);
	}
	return p;
}

struct finding *findings_alike(const struct findings *f, enum finding_kind kind, const struct addr *client,
                               const struct endpoint *server)
{
	struct parties p = parties_of(kind, client, server);
	struct map_entry *e = f->of_kind[kind]
	                              ? map_find(&f->by_parties, span_of(p.bytes, sizeof p.bytes))
	                              : NULL;

	return e ? e->value : NULL;
}

static bool make_room(struct findings *f)
{
	size_t room = f->room ? f->room * 2 : 32;
	struct finding **all;

	if (f->count < f->room)
		return true;
	all = realloc(f->all, room * sizeof(struct finding *));
	if (!all)
		return false;
	f->all = all;
	f->room = room;
	return true;
}

static struct finding *append(struct findings *f, const struct finding *n)
{
	struct finding *kept = make_room(f) ? malloc(sizeof *kept) : NULL;

	if (!kept)
		return NULL;
	*kept = *n;
	f->all[f->count++] = kept;
	f->of_kind[n->kind]++;
	return kept;
}

static struct finding *keep(struct findings *f, const struct finding *n)
{
	struct parties p = parties_of(n->kind, n->has_client ? &n->client : NULL,
	                              n->has_server ? &n->server : NULL);
	struct map_entry *newest = map_put(&f->by_parties, span_of(p.bytes, sizeof p.bytes));
	struct finding *kept = newest ? append(f, n) : NULL;

	if (!kept)
		return NULL;
	kept->alike = newest->value;
	newest->value = kept;
	return kept;
}

/* The finding of that key, new or known; NULL: a ceiling. */
static struct finding *store(struct findings *f, const struct finding *n, struct span key)
{
	struct map_entry *slot = map_put(&f->by_key, key);

	if (slot && !slot->value)
		slot->value = keep(f, n);
	return slot ? slot->value : NULL;
}

static void add_frame(struct finding *n, uint64_t frame)
{
	unsigned at = n->frame_count;

	if (!frame)
		return;
	for (unsigned i = 0; i < n->frame_count; i++)
		if (n->frames[i] == frame)
			return;
	if (n->frame_count == FINDING_FRAMES)
		return;
	for (; at > 0 && n->frames[at - 1] > frame; at--)
		n->frames[at] = n->frames[at - 1];
	n->frames[at] = frame;
	n->frame_count++;
}

static void add_stream(struct finding *n, uint64_t id)
{
	for (unsigned i = 0; i < n->stream_count; i++)
		if (n->streams[i] == id)
			return;
	if (n->stream_count < FINDING_STREAMS)
		n->streams[n->stream_count++] = id;
}

static void add_occurrence(struct finding *n, const struct raise *what)
{
	uint64_t count = what->count ? what->count : 1;

	n->count += count;
	n->proved |= what->proved;
	n->lacking += what->conn && finding_lacks(what->conn) ? count : 0;
	if (what->time < n->first)
		n->first = what->time;
	if (what->time > n->last)
		n->last = what->time;
	if (what->until > n->last)
		n->last = what->until;
	if (what->confidence > n->confidence)
		n->confidence = what->confidence;
	if (what->stops)
		n->stops = what->stops;
	if (what->conn)
		add_stream(n, what->conn->id);
	for (size_t i = 0; i < what->evidence_count; i++) {
		add_frame(n, what->evidence[i].frame);
		evidence_keep(n->evidence, &n->evidence_count, &what->evidence[i]);
	}
}

/* ---- beyond what is kept apart ---- */

static struct finding *append_sum(void *self, const struct finding *n)
{
	return append(self, n);
}

/* It is of another sum from now on: as severe, as sure, in those words. */
static void change_sum(struct findings *f, struct rest_member *m, const struct finding *as)
{
	struct finding *to = rest_sum(&f->rest, as, append_sum, f);

	if (to && to != m->sum)
		rest_move(m, to);
}

static void add_to_sum(struct findings *f, const struct finding *n, const struct raise *what)
{
	struct finding *sum = rest_sum(&f->rest, n, append_sum, f), surer;
	struct rest_member *m;

	limit_add(f->limits, LIMIT_FINDING_CEILING, !sum);
	if (!sum)
		return;
	m = rest_join(&f->rest, n, sum);
	if (!m) {
		limit_add(f->limits, LIMIT_FINDING_CEILING, 1);
		sum->more_clients |= n->has_client;
		add_occurrence(sum, what);
		return;
	}
	if (m->sum->confidence < n->confidence) {
		surer = *m->sum;
		surer.confidence = n->confidence;
		change_sum(f, m, &surer);
	}
	m->count += what->count ? what->count : 1;
	m->first = n->first < m->first ? n->first : m->first;
	m->last = what->until > m->last ? what->until : n->last > m->last ? n->last : m->last;
	if (!m->frame && what->evidence_count)
		m->frame = what->evidence[0].frame;
	add_occurrence(m->sum, what);
}

void finding_raise(struct findings *f, const struct raise *what)
{
	char key[CAUSE_TEXT + 256];
	struct finding n = finding_of(what);
	struct span at = key_of(&n, key, sizeof key);
	bool room = f->of_kind[n.kind] < KEPT_A_KIND && f->count < FINDINGS_MAX;
	struct finding *kept = room || map_find(&f->by_key, at) ? store(f, &n, at) : NULL;

	if (kept)
		add_occurrence(kept, what);
	else
		add_to_sum(f, &n, what);
}

const struct finding *findings_sum_of(const struct findings *f, enum finding_kind kind,
                                      const struct addr *client, const struct endpoint *server)
{
	const struct rest_member *m = client ? rest_find(&f->rest, kind, client, server) : NULL;

	return m ? m->sum : NULL;
}

size_t findings_members(const struct findings *f)
{
	return rest_count(&f->rest);
}

const struct finding *findings_member(const struct findings *f, size_t i, struct addr *client, int64_t *last)
{
	const struct rest_member *m = rest_at(&f->rest, i);

	if (!m || !m->sum)
		return NULL;
	*client = m->client;
	*last = m->last;
	return m->sum;
}

/* ---- second thoughts ---- */

static void turn(struct findings *f, struct rest_member *m, enum severity severity)
{
	struct finding as = *m->sum;

	as.severity = severity;
	change_sum(f, m, &as);
}

static struct rest_member *member_of(const struct findings *f, enum finding_kind kind,
                                     const struct addr *client, const struct endpoint *server)
{
	return client && server ? rest_find(&f->rest, kind, client, server) : NULL;
}

void finding_ease(struct findings *f, enum finding_kind kind, const struct addr *client,
                  const struct endpoint *server)
{
	struct rest_member *m = member_of(f, kind, client, server);

	for (struct finding *n = findings_alike(f, kind, client, server); n; n = n->alike)
		if (n->severity > SEVERITY_WARNING)
			n->severity = SEVERITY_WARNING;
	if (m && m->sum->severity > SEVERITY_WARNING)
		turn(f, m, SEVERITY_WARNING);
}

void finding_insist(struct findings *f, enum finding_kind kind, const struct addr *client,
                    const struct endpoint *server)
{
	struct rest_member *m = member_of(f, kind, client, server);

	for (struct finding *n = findings_alike(f, kind, client, server); n; n = n->alike)
		if (n->severity < finding_row(kind)->severity)
			n->severity = finding_row(kind)->severity;
	if (m && m->sum->severity < finding_row(kind)->severity)
		turn(f, m, finding_row(kind)->severity);
}

static void weaken(struct finding *n, enum confidence most, const char *cause)
{
	if (n->confidence > most)
		n->confidence = most;
	if (cause)
		tongue_say(n->cause, sizeof n->cause, "%s", cause);
}

void finding_doubt(struct findings *f, enum finding_kind kind, const struct addr *client,
                   const struct endpoint *server, enum confidence most, const char *cause)
{
	struct rest_member *m = member_of(f, kind, client, server);
	struct finding as;

	for (struct finding *n = findings_alike(f, kind, client, server); n; n = n->alike)
		weaken(n, most, cause);
	if (!m)
		return;
	as = *m->sum;
	weaken(&as, most, cause);
	change_sum(f, m, &as);
}

void finding_outlived(struct findings *f, const struct finding *n)
{
	f->all[n->id - 1]->outlived++;
}

bool findings_tell(const struct findings *f, enum finding_kind kind, const struct endpoint *of)
{
	for (size_t i = 0; f->of_kind[kind] && i < f->count; i++) {
		const struct finding *n = f->all[i];

		if (n->kind == kind && ((n->has_server && endpoint_eq(&n->server, of)) ||
		                        (n->has_via && endpoint_eq(&n->via, of))))
			return true;
	}
	return false;
}

size_t findings_count(const struct findings *f)
{
	return f->count;
}

const struct finding *findings_at(const struct findings *f, size_t i)
{
	return f->all[i];
}

void finding_filter(const struct finding *n, char *text, size_t size)
{
	bool streams = n->stream_count && n->stream_count < FINDING_STREAMS;
	unsigned count = streams ? n->stream_count : n->frame_count;
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < count && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, "%s%s eq %llu", i ? " or " : "",
		                        streams ? "tcp.stream" : "frame.number",
		                        (unsigned long long)(streams ? n->streams[i] : n->frames[i]));
}
