/* analyzers/settle.c - after the last fact: what explains what, how sure we are, in which order
 * it is told. */
#include <stdlib.h>

#include "analyzers/findings_store.h"

/* The one finding that explains another makes the other superfluous: one finding a cause, not one
 * a symptom. */
static const struct hide {
	enum finding_kind by, hidden;
	enum { ALWAYS, WITHIN, AS_GRAVE } when; /* see is_explained */
} hides[] = {
	{ FINDING_PORT_MISMATCH, FINDING_CONNECTION_REFUSED, ALWAYS },
	{ FINDING_PORT_MISMATCH, FINDING_CONNECTION_UNANSWERED, ALWAYS },
	{ FINDING_PORT_MISMATCH, FINDING_CONNECTION_REJECTED, ALWAYS },
	{ FINDING_CONNECTION_REJECTED, FINDING_CONNECTION_UNANSWERED, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_TLS_NOT_SERVED, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_REQUEST_UNANSWERED, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_RESPONSE_CUT, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_BAD_HOST_NAME, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_HTTP_ERROR, ALWAYS },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_CONNECTION_REFUSED, WITHIN },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_CONNECTION_UNANSWERED, WITHIN },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_CONNECTION_RESET, WITHIN },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_REQUEST_UNANSWERED, WITHIN },
	{ FINDING_MTU_BLACK_HOLE, FINDING_REQUEST_UNANSWERED, ALWAYS },
	{ FINDING_MTU_BLACK_HOLE, FINDING_RESPONSE_CUT, ALWAYS },
	{ FINDING_MTU_BLACK_HOLE, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_MTU_BLACK_HOLE, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_MTU_BLACK_HOLE, FINDING_LOSS, ALWAYS },
	{ FINDING_IDLE_CUT, FINDING_CONNECTION_RESET, WITHIN },
	{ FINDING_IDLE_CUT, FINDING_REQUEST_UNANSWERED, WITHIN },
	{ FINDING_IDLE_CUT, FINDING_LOSS, ALWAYS },
	{ FINDING_CONNECTION_RESET, FINDING_RESPONSE_CUT, ALWAYS },
	{ FINDING_CONNECTION_RESET, FINDING_REQUEST_UNANSWERED, ALWAYS },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_CONNECTION_RESET, AS_GRAVE },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_FORBIDDEN, AS_GRAVE },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_REQUEST_UNANSWERED, AS_GRAVE },
	{ FINDING_TLS_VERSION_MISMATCH, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_TLS_VERSION_MISMATCH, FINDING_TLS_NOT_SERVED, ALWAYS },
	{ FINDING_TLS_VERSION_MISMATCH, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_TLS_NO_COMMON_CIPHER, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_TLS_NO_COMMON_CIPHER, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_TLS_NOT_SERVED, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_TLS_NOT_SERVED, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_TLS_INTERCEPTED, FINDING_CERTIFICATE_UNTRUSTED, AS_GRAVE },
	{ FINDING_TLS_INTERCEPTED, FINDING_TLS_ABORTED, AS_GRAVE },
	{ FINDING_CERTIFICATE_EXPIRED, FINDING_TLS_ABORTED, AS_GRAVE },
	{ FINDING_CERTIFICATE_EXPIRED, FINDING_CERTIFICATE_UNTRUSTED, AS_GRAVE },
	{ FINDING_CERTIFICATE_NAME_MISMATCH, FINDING_TLS_ABORTED, AS_GRAVE },
	{ FINDING_CERTIFICATE_UNTRUSTED, FINDING_TLS_ABORTED, AS_GRAVE },
	{ FINDING_CONTENT_OVER_TLS, FINDING_CONTENT_MISSING, ALWAYS },
	{ FINDING_CONTENT_CORRUPT, FINDING_HTTP_ERROR, WITHIN },        /* a range beyond the end (416) */
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_SERVER_BUSY, ALWAYS },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_SERVER_ERROR, ALWAYS },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_HTTP_ERROR, ALWAYS },
	{ FINDING_PROXY_NAME_NOT_RESOLVED, FINDING_PROXY_GATEWAY_TIMEOUT, ALWAYS },
	{ FINDING_PROXY_NAME_NOT_RESOLVED, FINDING_PROXY_BAD_GATEWAY, ALWAYS },
	{ FINDING_PROXY_CONNECT_DENIED, FINDING_PROXY_DENIED, ALWAYS },
	{ FINDING_AUTH_MULTIPLEXED, FINDING_AUTH_FAILED, ALWAYS },
	{ FINDING_AUTH_MULTIPLEXED, FINDING_PROXY_AUTH_FAILED, ALWAYS },
	{ FINDING_SOAP_FAULT, FINDING_SCAN_INCOMPLETE, AS_GRAVE },
	{ FINDING_HANDSHAKE_LOOP, FINDING_SCAN_INCOMPLETE, AS_GRAVE },
	{ FINDING_ID_LIMIT, FINDING_SCAN_INCOMPLETE, AS_GRAVE },
	{ FINDING_TOO_MANY_TRIPS, FINDING_SCAN_INCOMPLETE, AS_GRAVE },
	{ FINDING_HANDSHAKE_LOOP, FINDING_SERVER_CHANGED, ALWAYS },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_SOAP_FAULT, ALWAYS },
	{ FINDING_UPSTREAM_UNREACHABLE, FINDING_CONNECTION_REFUSED, AS_GRAVE },
	{ FINDING_UPSTREAM_UNREACHABLE, FINDING_CONNECTION_UNANSWERED, AS_GRAVE },
	{ FINDING_UPSTREAM_UNREACHABLE, FINDING_CONNECTION_REJECTED, AS_GRAVE },
	{ FINDING_UPSTREAM_UNREACHABLE, FINDING_CONNECTION_RESET, AS_GRAVE },
	{ FINDING_UPSTREAM_UNREACHABLE, FINDING_TLS_ABORTED, AS_GRAVE },
	{ FINDING_UPSTREAM_UNREACHABLE, FINDING_TLS_NOT_SERVED, AS_GRAVE },
	{ FINDING_UPSTREAM_UNREACHABLE, FINDING_CONNECTION_MISSING, AS_GRAVE },
	{ FINDING_PORT_MISMATCH, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_SCHEME_MISMATCH, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_PROXY_AUTH_REQUIRED, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_PROXY_AUTH_FAILED, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_PROXY_CONNECT_DENIED, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_PROXY_NAME_NOT_RESOLVED, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_PROXY_BAD_GATEWAY, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_PROXY_GATEWAY_TIMEOUT, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_TLS_INTERCEPTED, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_TLS_VERSION_MISMATCH, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_TLS_NO_COMMON_CIPHER, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_CERTIFICATE_EXPIRED, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_CERTIFICATE_NAME_MISMATCH, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_CERTIFICATE_UNTRUSTED, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_UPSTREAM_UNREACHABLE, AS_GRAVE },
	{ FINDING_ANONYMOUS_REFUSED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_AUTH_FAILED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_FORBIDDEN, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_SSL_REQUIRED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_IP_RESTRICTED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_NOT_FOUND, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_BAD_HOST_NAME, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_VERB_BLOCKED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_REQUEST_TOO_LARGE, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_SERVER_ERROR, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_SERVER_BUSY, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_HTTP_ERROR, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_PROXY_AUTH_REQUIRED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_PROXY_AUTH_FAILED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_PROXY_DENIED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_PROXY_BAD_GATEWAY, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_PROXY_GATEWAY_TIMEOUT, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_PROXY_NAME_NOT_RESOLVED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_CONTENT_REPLACED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_CONNECTION_RESET, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_REQUEST_UNANSWERED, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_MTU_BLACK_HOLE, FINDING_SYNC_FAILED, AS_GRAVE },
	{ FINDING_IDLE_CUT, FINDING_SYNC_FAILED, AS_GRAVE },
};

/* What may be explained: a finding, or what one client has of a sum. */
struct symptom {
	const struct finding *n;
	const struct addr *client;      /* NULL: of no single one */
	int64_t first, last;
};

/* WITHIN: only what lies within the other's time.  AS_GRAVE: a warning explains no error.  What may not have
 * been explains nothing that was. */
static bool is_explained(const struct hide *rule, const struct finding *by, const struct symptom *s)
{
	if (by->doubtful && !s->n->doubtful)
		return false;
	switch (rule->when) {
	case ALWAYS:
		return true;
	case WITHIN:
		return s->first >= by->first && s->last <= by->last;
	case AS_GRAVE:
		return by->severity >= s->n->severity;
	}
	return false;
}

static bool any_hides(const struct hide *rule, const struct finding *by, const struct symptom *s)
{
	for (; by; by = by->alike)
		if (is_explained(rule, by, s))
			return true;
	return false;
}

/* Reports and files come behind a scan: what fails there stops none, nor does what others report. */
static bool may_stop_scan(const struct finding *n, bool of_client)
{
	return n->severity >= SEVERITY_ERROR && n->kind != FINDING_SCAN_INCOMPLETE &&
	       n->stops != RUNG_REPORT + 1 && n->stops != RUNG_CONTENT + 1 &&
	       (of_client || n->kind != FINDING_REPORTED_ERROR);
}

/* A scan that stops for no reason has one in whatever else failed there, of its client or of all. */
static bool has_reason(const struct findings *f, const struct symptom *s)
{
	const struct addr *of[] = { NULL, s->client };
	const size_t parties = s->client ? 2 : 1;
	const struct finding *why;

	for (int k = 0; s->n->kind == FINDING_SCAN_INCOMPLETE && k < FINDING_KIND_COUNT; k++) {
		enum finding_kind kind = (enum finding_kind)k;

		if (!f->of_kind[kind])
			continue;
		for (size_t i = 0; i < parties; i++)
			for (why = findings_alike(f, kind, of[i], &s->n->server); why; why = why->alike)
				if (may_stop_scan(why, why->has_client))
					return true;
		why = findings_sum_of(f, kind, s->client, &s->n->server);
		if (why && may_stop_scan(why, true))
			return true;
	}
	return false;
}

/* What hides a finding concerns the same server, and the same client or all. */
static bool is_hidden(const struct findings *f, const struct symptom *s)
{
	const struct endpoint *server = &s->n->server;

	if (has_reason(f, s))
		return true;
	for (size_t i = 0; s->n->has_server && i < sizeof hides / sizeof *hides; i++) {
		const struct hide *rule = &hides[i];
		const struct finding *sum;

		if (rule->hidden != s->n->kind || !f->of_kind[rule->by])
			continue;
		sum = findings_sum_of(f, rule->by, s->client, server);
		if (any_hides(rule, findings_alike(f, rule->by, NULL, server), s) ||
		    (s->client && any_hides(rule, findings_alike(f, rule->by, s->client, server), s)) ||
		    (sum && is_explained(rule, sum, s)))
			return true;
	}
	return false;
}

/* Who has an explanation leaves its sum; what hides is looked up before anybody has left. */
static void thin_sums(struct findings *f)
{
	size_t count = rest_count(&f->rest);
	bool *leaves = calloc(count + 1, sizeof *leaves);

	if (!leaves)
		limit_add(f->limits, LIMIT_MEMORY, 1);
	for (size_t i = 0; leaves && i < count; i++) {
		const struct rest_member *m = rest_at(&f->rest, i);

		leaves[i] = m && m->sum && m->sum->has_server &&
		            is_hidden(f, &(struct symptom){ m->sum, &m->client, m->first, m->last });
	}
	for (size_t i = 0; leaves && i < count; i++)
		if (leaves[i])
			rest_move(rest_at(&f->rest, i), NULL);
	free(leaves);
}

struct place {                          /* of a finding in the order of telling */
	struct finding *n;
	int64_t first;
	size_t raised;                  /* in that order; a sum between two of them */
};

static int by_weight(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->n->severity != y->n->severity)
		return x->n->severity > y->n->severity ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->raised > y->raised) - (x->raised < y->raised);
}

/* A sum stands behind the first of its kind, not behind all that it adds to. */
static void sort(struct findings *f)
{
	struct place *places = calloc(f->count + 1, sizeof *places);
	struct place *heads[FINDING_KIND_COUNT][SEVERITY_COUNT] = { { NULL } };

	if (!places) {
		limit_add(f->limits, LIMIT_MEMORY, 1);
		return;
	}
	for (size_t i = 0; i < f->count; i++) {
		struct finding *n = f->all[i];
		struct place **head = &heads[n->kind][n->severity];

		places[i] = (struct place){ n, n->first, 2 * i };
		if (!n->clients && (!*head || n->first < (*head)->first))
			*head = &places[i];
	}
	for (size_t i = 0; i < f->count; i++) {
		const struct place *head = heads[places[i].n->kind][places[i].n->severity];

		if (places[i].n->clients && head)
			places[i] = (struct place){ places[i].n, head->first, head->raised + 1 };
	}
	qsort(places, f->count, sizeof *places, by_weight);
	for (size_t i = 0; i < f->count; i++) {
		f->all[i] = places[i].n;
		f->all[i]->id = (unsigned)i + 1;
	}
	free(places);
}

void findings_settle(struct findings *f, bool quality_is_poor)
{
	size_t kept = 0;
	bool *hidden = calloc(f->count + 1, sizeof *hidden);

	if (!hidden)
		limit_add(f->limits, LIMIT_MEMORY, 1);
	for (size_t i = 0; hidden && i < f->count; i++) {
		const struct finding *n = f->all[i];

		hidden[i] = is_hidden(f, &(struct symptom){ n, n->has_client ? &n->client : NULL, n->first,
			                                    n->last });
	}
	thin_sums(f);
	for (size_t i = 0; i < f->count; i++) {
		struct finding *n = f->all[i];

		/* A sum that all have left; of one that somebody is in, each has been asked. */
		if (!n->count || (hidden && hidden[i] && !n->clients)) {
			free(n);
			continue;
		}
		if (quality_is_poor && finding_is_of_absence(n) && n->confidence == CONFIDENCE_CERTAIN)
			n->confidence = CONFIDENCE_PROBABLE;
		n->alike = NULL;
		f->all[kept++] = n;
	}
	free(hidden);
	map_release(&f->by_key);
	map_release(&f->by_parties);
	f->count = kept;
	sort(f);
}
