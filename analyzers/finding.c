/* analyzers/finding.c - the store of findings: one for each kind, client, server and cause. */
#include "analyzers/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/catalogue.h"
#include "base/map.h"
#include "facts/connection.h"

enum {
	FINDINGS_MAX = 20000,           /* kept apart in all */
	CLIENTS_A_KIND = 2000,          /* of one kind and cause; further clients are counted in one finding */
};

struct findings {
	struct limits *limits;
	struct map by_key;              /* key bytes -> index + 1 as a pointer-sized number */
	struct finding **all;           /* as raised; after settling, as shown */
	size_t count, room;
	size_t of_kind[FINDING_KIND_COUNT];
	void (*raised)(void *self, const struct finding *finding);
	void *watcher;
};

struct findings *findings_new(struct limits *limits)
{
	struct findings *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->limits = limits;
	map_init(&f->by_key, FINDINGS_MAX);
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
	free(f);
}

void findings_watch(struct findings *f, void (*raised)(void *self, const struct finding *finding), void *self)
{
	f->raised = raised;
	f->watcher = self;
}

struct evidence evidence_at(uint64_t frame, const char *format, ...)
{
	struct evidence e = { .frame = frame };
	va_list args;

	va_start(args, format);
	vsnprintf(e.text, sizeof e.text, format, args);
	va_end(args);
	return e;
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
	struct finding n = { .kind = what->kind, .confidence = what->confidence, .first = what->time, .last = what->time };

	n.severity = what->severity == SEVERITY_OF_KIND ? row->severity : what->severity;
	name_parties(&n, what);
	snprintf(n.answered_by, sizeof n.answered_by, "%s", what->answered_by ? what->answered_by : "");
	snprintf(n.cause, sizeof n.cause, "%s", what->cause ? what->cause : row->cause);
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

static struct finding *store(struct findings *f, const struct finding *n, struct span key)
{
	struct map_entry *slot = map_put(&f->by_key, key);
	struct finding *kept;

	if (!slot)
		return NULL;
	if (slot->value)
		return slot->value;
	if (f->count == f->room) {
		size_t room = f->room ? f->room * 2 : 32;
		struct finding **all = realloc(f->all, room * sizeof(struct finding *));

		if (!all)
			return NULL;
		f->all = all;
		f->room = room;
	}
	kept = malloc(sizeof *kept);
	if (!kept)
		return NULL;
	*kept = *n;
	slot->value = kept;
	f->all[f->count++] = kept;
	f->of_kind[n->kind]++;
	return kept;
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
	n->count += what->count ? what->count : 1;
	if (what->time < n->first)
		n->first = what->time;
	if (what->time > n->last)
		n->last = what->time;
	if (what->confidence > n->confidence)
		n->confidence = what->confidence;
	if (what->conn)
		add_stream(n, what->conn->id);
	for (size_t i = 0; i < what->evidence_count; i++) {
		add_frame(n, what->evidence[i].frame);
		if (n->evidence_count < FINDING_EVIDENCE)
			n->evidence[n->evidence_count++] = what->evidence[i];
	}
}

void finding_raise(struct findings *f, const struct raise *what)
{
	char key[CAUSE_TEXT + 256];
	struct finding n = finding_of(what);
	struct span at = key_of(&n, key, sizeof key);
	struct finding *kept;
	size_t before = f->count;

	if (f->of_kind[n.kind] >= CLIENTS_A_KIND && !map_find(&f->by_key, at)) {
		limit_add(f->limits, LIMIT_FINDING_CEILING, 1);
		n.has_client = false;
		at = key_of(&n, key, sizeof key);
	}
	kept = store(f, &n, at);
	if (!kept) {
		limit_add(f->limits, LIMIT_FINDING_CEILING, 1);
		return;
	}
	add_occurrence(kept, what);
	if (f->count > before && f->raised)
		f->raised(f->watcher, kept);
}

/* ---- settling ---- */

/* The one finding that explains another makes the other superfluous: one finding a cause, not one a symptom. */
static const struct hide {
	enum finding_kind by, hidden;
	bool any_port;                  /* the server's address suffices */
	bool within;                    /* only if the hidden one lies within the other's time */
} hides[] = {
	{ FINDING_PORT_MISMATCH, FINDING_CONNECTION_REFUSED, false, false },
	{ FINDING_PORT_MISMATCH, FINDING_CONNECTION_UNANSWERED, false, false },
	{ FINDING_PORT_MISMATCH, FINDING_CONNECTION_REJECTED, false, false },
	{ FINDING_CONNECTION_REJECTED, FINDING_CONNECTION_UNANSWERED, false, false },
	{ FINDING_SCHEME_MISMATCH, FINDING_TLS_ABORTED, false, false },
	{ FINDING_SCHEME_MISMATCH, FINDING_TLS_NOT_SERVED, false, false },
	{ FINDING_SCHEME_MISMATCH, FINDING_REQUEST_UNANSWERED, false, false },
	{ FINDING_SCHEME_MISMATCH, FINDING_CONNECTION_RESET, false, false },
	{ FINDING_SCHEME_MISMATCH, FINDING_RESPONSE_CUT, false, false },
	{ FINDING_SCHEME_MISMATCH, FINDING_BAD_HOST_NAME, false, false },
	{ FINDING_SCHEME_MISMATCH, FINDING_HTTP_ERROR, false, false },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_CONNECTION_REFUSED, false, true },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_CONNECTION_UNANSWERED, false, true },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_CONNECTION_RESET, false, true },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_REQUEST_UNANSWERED, false, true },
	{ FINDING_MTU_BLACK_HOLE, FINDING_REQUEST_UNANSWERED, false, false },
	{ FINDING_MTU_BLACK_HOLE, FINDING_RESPONSE_CUT, false, false },
	{ FINDING_MTU_BLACK_HOLE, FINDING_CONNECTION_RESET, false, false },
	{ FINDING_MTU_BLACK_HOLE, FINDING_TLS_ABORTED, false, false },
	{ FINDING_MTU_BLACK_HOLE, FINDING_LOSS, false, false },
	{ FINDING_IDLE_CUT, FINDING_CONNECTION_RESET, false, false },
	{ FINDING_IDLE_CUT, FINDING_REQUEST_UNANSWERED, false, false },
	{ FINDING_IDLE_CUT, FINDING_LOSS, false, false },
	{ FINDING_CONNECTION_RESET, FINDING_RESPONSE_CUT, false, false },
	{ FINDING_CONNECTION_RESET, FINDING_REQUEST_UNANSWERED, false, false },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_TLS_ABORTED, false, false },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_CONNECTION_RESET, false, false },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_FORBIDDEN, false, false },
	{ FINDING_TLS_VERSION_MISMATCH, FINDING_TLS_ABORTED, false, false },
	{ FINDING_TLS_VERSION_MISMATCH, FINDING_CONNECTION_RESET, false, false },
	{ FINDING_TLS_NO_COMMON_CIPHER, FINDING_TLS_ABORTED, false, false },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_SERVER_BUSY, false, false },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_SERVER_ERROR, false, false },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_HTTP_ERROR, false, false },
	{ FINDING_PROXY_NAME_NOT_RESOLVED, FINDING_PROXY_GATEWAY_TIMEOUT, false, false },
	{ FINDING_PROXY_NAME_NOT_RESOLVED, FINDING_PROXY_BAD_GATEWAY, false, false },
	{ FINDING_PROXY_CONNECT_DENIED, FINDING_PROXY_DENIED, false, false },
	{ FINDING_AUTH_MULTIPLEXED, FINDING_AUTH_FAILED, false, false },
	{ FINDING_AUTH_MULTIPLEXED, FINDING_PROXY_AUTH_FAILED, false, false },
};

static bool same_server(const struct hide *rule, const struct finding *by, const struct finding *n)
{
	if (!by->has_server || !n->has_server)
		return false;
	return rule->any_port ? addr_eq(&by->server.addr, &n->server.addr) : endpoint_eq(&by->server, &n->server);
}

static bool rule_hides(const struct hide *rule, const struct finding *by, const struct finding *n)
{
	if (by->kind != rule->by || n->kind != rule->hidden || !same_server(rule, by, n))
		return false;
	if (by->has_client && (!n->has_client || !addr_eq(&by->client, &n->client)))
		return false;
	return !rule->within || (n->first >= by->first && n->last <= by->last);
}

static bool is_hidden(const struct findings *f, const struct finding *n)
{
	for (size_t r = 0; r < sizeof hides / sizeof *hides; r++) {
		if (hides[r].hidden != n->kind || !f->of_kind[hides[r].by])
			continue;
		for (size_t i = 0; i < f->count; i++)
			if (rule_hides(&hides[r], f->all[i], n))
				return true;
	}
	return false;
}

/* Kinds that packets missing from the capture could fake. */
static bool rests_on_absence(enum finding_kind kind)
{
	switch (kind) {
	case FINDING_CONNECTION_UNANSWERED:
	case FINDING_REQUEST_UNANSWERED:
	case FINDING_RESPONSE_CUT:
	case FINDING_MTU_BLACK_HOLE:
	case FINDING_IDLE_CUT:
	case FINDING_CONNECTION_MISSING:
	case FINDING_CLIENT_SILENT:
	case FINDING_SCAN_INCOMPLETE:
		return true;
	default:
		return false;
	}
}

static int by_weight(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a, *y = *(struct finding *const *)b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

void findings_settle(struct findings *f, bool quality_is_poor)
{
	size_t kept = 0;
	bool *hidden = calloc(f->count + 1, sizeof *hidden);

	if (!hidden)
		limit_add(f->limits, LIMIT_MEMORY, 1);
	for (size_t i = 0; hidden && i < f->count; i++)
		hidden[i] = is_hidden(f, f->all[i]);
	for (size_t i = 0; i < f->count; i++) {
		struct finding *n = f->all[i];

		if (hidden && hidden[i]) {
			free(n);
			continue;
		}
		if (quality_is_poor && rests_on_absence(n->kind) && n->confidence == CONFIDENCE_CERTAIN)
			n->confidence = CONFIDENCE_PROBABLE;
		f->all[kept] = n;
		n->id = (unsigned)++kept;
	}
	free(hidden);
	map_release(&f->by_key);
	f->count = kept;
	if (kept)
		qsort(f->all, kept, sizeof(struct finding *), by_weight);
	for (size_t i = 0; i < kept; i++)
		f->all[i]->id = (unsigned)i + 1;
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
